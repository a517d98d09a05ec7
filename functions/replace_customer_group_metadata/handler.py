from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.bodies import ReplaceMetadata
from shared.queries.one import GroupId, OneGroup
from shared.storage import groups

api = Api(needs=Role.EDITOR)
handler = api.handler


@api.operation("PUT", "/admin/customer-groups/{id}/metadata", "CustomerGroupAnswer")
def replace_customer_group_metadata(group_id: GroupId, body: ReplaceMetadata, query: OneGroup) -> Response[str]:
    """Replace the metadata of a customer group.

    It is stored as sent, whatever was there.
    """
    group = groups.replace_metadata(group_id, body.metadata, api.actor, api.precondition)
    return api.done({"customer_group": views.group(group, query.fields)}, version=group["version"])
