from shared.domain.errors import (
    CustomerGroupIsAutomatic,
    CustomerGroupNameTaken,
    CustomerGroupNotFound,
    UploadIncomplete,
    UploadNotFound,
)
from shared.http import job_views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.job_bodies import StartJob
from shared.http.job_orders import order
from shared.jobs import files, machine
from shared.jobs.start import start
from shared.runtime import environment, initialization

api = Api()
handler = api.handler
initialization.prepare(files.s3, environment.jobs_bucket, machine.step_functions, environment.job_machine_arn)


@api.operation(
    "POST",
    "/admin/customer-group-jobs",
    needs=Role.EDITOR,
    answer="JobAnswer",
    idempotency_key=True,
    refusals=(
        CustomerGroupNotFound,
        CustomerGroupIsAutomatic,
        CustomerGroupNameTaken,
        UploadNotFound,
        UploadIncomplete,
    ),
)
def start_job(body: StartJob) -> Response[str]:
    """Start a job.

    A job works on any number of customers in the background and has a result for each row. Only admins can start jobs
    that create customers. With `dry_run`, the result is the same but nothing is written.
    """
    api.caller.must_be(body.root.role())
    job = start(order(body.root), api.actor, api.request_key)
    return api.ok({"job": job_views.job(job)})
