from shared.domain.errors import JobFinished, JobNotFound
from shared.http import job_views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.jobs import JobId
from shared.jobs import files
from shared.runtime import environment, initialization
from shared.storage import jobs

api = Api()
handler = api.handler
initialization.prepare(files.s3, environment.jobs_bucket)


@api.operation(
    "POST",
    "/admin/customer-group-jobs/{id}/cancel",
    needs=Role.EDITOR,
    answer="JobAnswer",
    idempotency_key=True,
    refusals=(JobNotFound, JobFinished),
)
def cancel_job(job_id: JobId) -> Response[str]:
    """Cancel a job.

    Chunks that are being processed are completed. Their changes are not undone; the totals include them.
    """
    return api.ok({"job": job_views.job(jobs.cancel(job_id))})
