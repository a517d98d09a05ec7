from shared.domain.errors import CustomerGroupKeyTaken, CustomerGroupNameTaken, CustomerGroupNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import UpdateCustomerGroup
from shared.http.queries.one import GroupId, OneGroup
from shared.storage import groups

api = Api()
handler = api.handler


@api.operation(
    "POST",
    "/admin/customer-groups/{id}",
    needs=Role.EDITOR,
    answer="CustomerGroupAnswer",
    etag=True,
    if_match=True,
    idempotency_key=True,
    refusals=(CustomerGroupNotFound, CustomerGroupNameTaken, CustomerGroupKeyTaken),
)
def update_customer_group(group_id: GroupId, body: UpdateCustomerGroup, query: OneGroup) -> Response[str]:
    """Change the name, key and rule of a customer group, and merge its metadata.

    New keys of `metadata` are added, keys with the value `""` are removed, and `null` clears all metadata.
    """
    group = groups.update(group_id, body.given(), api.actor, api.precondition)
    return api.ok({"customer_group": views.group(group, query.fields)}, etag=views.etag(group))
