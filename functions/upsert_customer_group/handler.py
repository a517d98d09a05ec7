from shared.domain.errors import CustomerGroupNameTaken, CustomerGroupNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import UpsertCustomerGroup
from shared.http.queries.one import OneGroup, OwnKey
from shared.storage import groups

api = Api()
handler = api.handler


@api.operation(
    "PUT",
    "/admin/customer-groups/{id}",
    needs=Role.EDITOR,
    answer="UpsertedCustomerGroupAnswer",
    etag=True,
    if_match=True,
    idempotency_key=True,
    refusals=(CustomerGroupNameTaken, CustomerGroupNotFound),
)
def upsert_customer_group(own_key: OwnKey, body: UpsertCustomerGroup, query: OneGroup) -> Response[str]:
    """Create or update the customer group with a key.

    `result` is `created`, `updated` or `unchanged`. Metadata is stored as sent, and missing fields are not changed.
    Repeated and concurrent requests create only one customer group.
    """
    group, result = groups.upsert(own_key, body.given(), api.actor, api.precondition, request_key=api.request_key)
    shown = views.group(group, query.fields)
    return api.ok({"customer_group": shown, "result": result}, etag=views.etag(group))
