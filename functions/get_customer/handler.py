from shared.domain.errors import CustomerNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.one import CustomerId, OneCustomer
from shared.storage import customers

api = Api()
handler = api.handler


@api.operation(
    "GET", "/admin/customers/{id}", needs=Role.VIEWER, answer="CustomerAnswer", etag=True, refusals=(CustomerNotFound,)
)
def get_customer(customer_id: CustomerId, query: OneCustomer) -> Response[str]:
    """Get a customer."""
    customer = customers.get(customer_id)
    return api.ok({"customer": views.customer(customer, query.fields)}, etag=views.etag(customer))
