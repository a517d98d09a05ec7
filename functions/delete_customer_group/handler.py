from shared.domain.errors import CustomerGroupInUse, CustomerGroupNotFound
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.one import GroupId
from shared.http.queries.references import Deletion
from shared.storage import groups

api = Api()
handler = api.handler


@api.operation(
    "DELETE",
    "/admin/customer-groups/{id}",
    needs=Role.ADMIN,
    answer="DeletedCustomerGroupAnswer",
    if_match=True,
    idempotency_key=True,
    refusals=(CustomerGroupNotFound, CustomerGroupInUse),
)
def delete_customer_group(group_id: GroupId, query: Deletion) -> Response[str]:
    """Delete a customer group.

    This cannot be undone. It takes effect immediately, whatever the size of the group. Its customers are not deleted. A
    group that other systems use is only deleted with `force=true`; the event names their references.
    """
    groups.delete(group_id, api.actor, api.precondition, is_forced=query.force)
    return api.ok({"id": group_id, "object": "customer_group", "deleted": True})
