from shared.domain.errors import JobNotFound
from shared.http import job_views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.jobs import JobId, OneJob
from shared.jobs import files
from shared.runtime import environment, initialization
from shared.storage import jobs

api = Api()
handler = api.handler
initialization.prepare(files.s3, environment.jobs_bucket)


@api.operation("GET", "/admin/customer-group-jobs/{id}", needs=Role.VIEWER, answer="JobAnswer", refusals=(JobNotFound,))
def get_job(job_id: JobId, query: OneJob) -> Response[str]:
    """Get a job.

    The totals change while the job runs. The `url` of the result is valid for 15 minutes; get the job again for a new
    one.
    """
    [job] = query.named([job_views.job(jobs.get(job_id))])
    return api.ok({"job": job})
