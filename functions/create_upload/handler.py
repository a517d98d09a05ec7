from shared.http import job_views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.upload_bodies import AnnounceUpload
from shared.jobs import files
from shared.runtime import environment, initialization
from shared.storage import uploads

api = Api()
handler = api.handler
initialization.prepare(files.s3, environment.jobs_bucket)


@api.operation("POST", "/admin/customer-group-uploads", needs=Role.EDITOR, answer="UploadAnswer", idempotency_key=True)
def create_upload(body: AnnounceUpload) -> Response[str]:
    """Announce a file for a job.

    Upload the file to the `url` of the answer, with the method and headers of the answer.
    """
    upload = uploads.announce(body.filename, body.content_type, body.size, api.actor)
    return api.ok({"upload": job_views.upload(upload)})
