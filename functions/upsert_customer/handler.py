from shared.domain.errors import CustomerEmailTaken, CustomerNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import UpsertCustomer
from shared.http.queries.one import OneCustomer, OwnKey
from shared.storage import customers

api = Api()
handler = api.handler


@api.operation(
    "PUT",
    "/admin/customers/{id}",
    needs=Role.ADMIN,
    answer="UpsertedCustomerAnswer",
    etag=True,
    if_match=True,
    idempotency_key=True,
    refusals=(CustomerEmailTaken, CustomerNotFound),
)
def upsert_customer(own_key: OwnKey, body: UpsertCustomer, query: OneCustomer) -> Response[str]:
    """Create or update the customer with a key.

    `result` is `created`, `updated` or `unchanged`. Metadata is stored as sent, and missing fields are not changed.
    Repeated and concurrent requests create only one customer.
    """
    customer, result = customers.upsert(own_key, body.given(), api.actor, api.precondition, request_key=api.request_key)
    shown = views.customer(customer, query.fields)
    return api.ok({"customer": shown, "result": result}, etag=views.etag(customer))
