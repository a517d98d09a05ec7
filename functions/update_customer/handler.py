from shared.domain.errors import CustomerEmailTaken, CustomerKeyTaken, CustomerNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import UpdateCustomer
from shared.http.queries.one import CustomerId, OneCustomer
from shared.storage import customers

api = Api()
handler = api.handler


@api.operation(
    "POST",
    "/admin/customers/{id}",
    needs=Role.ADMIN,
    answer="CustomerAnswer",
    etag=True,
    if_match=True,
    idempotency_key=True,
    refusals=(CustomerNotFound, CustomerEmailTaken, CustomerKeyTaken),
)
def update_customer(customer_id: CustomerId, body: UpdateCustomer, query: OneCustomer) -> Response[str]:
    """Change the profile and key of a customer, and merge its metadata."""
    customer = customers.update(customer_id, body.given(), api.actor, api.precondition)
    return api.ok({"customer": views.customer(customer, query.fields)}, etag=views.etag(customer))
