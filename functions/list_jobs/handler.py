from shared.http import job_views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.jobs import Jobs
from shared.jobs import files
from shared.runtime import environment, initialization
from shared.storage import job_lists

api = Api()
handler = api.handler
initialization.prepare(files.s3, environment.jobs_bucket)


@api.operation("GET", "/admin/customer-group-jobs", needs=Role.VIEWER, answer="JobsAnswer")
def list_jobs(query: Jobs) -> Response[str]:
    """List jobs, newest first.

    Jobs are deleted after 90 days, and their results after 30 days.
    """
    page = job_lists.newest(query.limit, query.after())
    return api.ok(query.answer(page, [job_views.job(job) for job in page.items]))
