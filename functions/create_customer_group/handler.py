from shared.domain.errors import (
    CustomerGroupIdTaken,
    CustomerGroupKeyTaken,
    CustomerGroupNameTaken,
    CustomerGroupNotFound,
)
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import CreateCustomerGroup
from shared.http.queries.one import OneGroup
from shared.storage import groups

api = Api()
handler = api.handler


@api.operation(
    "POST",
    "/admin/customer-groups",
    needs=Role.EDITOR,
    answer="CustomerGroupAnswer",
    etag=True,
    idempotency_key=True,
    refusals=(CustomerGroupIdTaken, CustomerGroupKeyTaken, CustomerGroupNameTaken, CustomerGroupNotFound),
)
def create_customer_group(body: CreateCustomerGroup, query: OneGroup) -> Response[str]:
    """Create a customer group.

    With a `rule`, the group is automatic: the customers who meet the rule are in it. Admins can set the `id`, to keep
    an id from another system.
    """
    if body.id:
        api.caller.must_be(Role.ADMIN)
    group = groups.create(
        body.name,
        body.metadata,
        api.actor,
        own_key=body.key,
        rule=body.rule,
        chosen_id=body.id,
        request_key=api.request_key,
    )
    return api.ok({"customer_group": views.group(group, query.fields)}, etag=views.etag(group))
