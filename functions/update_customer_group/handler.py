from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.bodies import UpdateCustomerGroup
from shared.queries.one import GroupId, OneGroup
from shared.storage import groups

api = Api(needs=Role.EDITOR)
handler = api.handler


@api.operation("POST", "/admin/customer-groups/{id}", "CustomerGroupAnswer")
def update_customer_group(group_id: GroupId, body: UpdateCustomerGroup, query: OneGroup) -> Response[str]:
    """Rename a customer group and merge its metadata.

    New keys are added, a key sent as `""` is removed, `null` for the whole clears it.
    """
    group = groups.update(group_id, body.given(), api.actor, api.precondition)
    return api.done({"customer_group": views.group(group, query.fields)}, version=group["version"])
