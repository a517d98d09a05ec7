from shared.access import Role
from shared.api import Api, Response
from shared.queries.one import GroupId
from shared.storage import groups

api = Api(needs=Role.ADMIN)
handler = api.handler


@api.operation("DELETE", "/admin/customer-groups/{id}", "DeletedCustomerGroupAnswer")
def delete_customer_group(group_id: GroupId) -> Response[str]:
    """Delete a customer group.

    Irreversible, and at once whatever its size. Its customers stay.
    """
    groups.delete(group_id, api.actor, api.precondition)
    return api.done({"id": group_id, "object": "customer_group", "deleted": True})
