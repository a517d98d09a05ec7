from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.queries.one import CustomerId, OneCustomer
from shared.storage import customers

api = Api(needs=Role.VIEWER)
handler = api.handler


@api.operation("GET", "/admin/customers/{id}", "CustomerAnswer")
def get_customer(customer_id: CustomerId, query: OneCustomer) -> Response[str]:
    """Get a customer."""
    customer = customers.get(customer_id)
    return api.done({"customer": views.customer(customer, query.fields)}, version=customer["version"])
