from shared.domain.errors import CustomerGroupNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import ReplaceMetadata
from shared.http.queries.one import GroupId, OneGroup
from shared.storage import groups

api = Api()
handler = api.handler


@api.operation(
    "PUT",
    "/admin/customer-groups/{id}/metadata",
    needs=Role.EDITOR,
    answer="CustomerGroupAnswer",
    etag=True,
    if_match=True,
    idempotency_key=True,
    refusals=(CustomerGroupNotFound,),
)
def replace_customer_group_metadata(group_id: GroupId, body: ReplaceMetadata, query: OneGroup) -> Response[str]:
    """Replace the metadata of a customer group.

    The metadata is stored as sent, and replaces all existing keys.
    """
    group = groups.replace_metadata(group_id, body.metadata, api.actor, api.precondition)
    return api.ok({"customer_group": views.group(group, query.fields)}, etag=views.etag(group))
