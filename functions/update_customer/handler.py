from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.bodies import UpdateCustomer
from shared.queries.one import CustomerId, OneCustomer
from shared.storage import customers

api = Api(needs=Role.ADMIN)
handler = api.handler


@api.operation("POST", "/admin/customers/{id}", "CustomerAnswer")
def update_customer(customer_id: CustomerId, body: UpdateCustomer, query: OneCustomer) -> Response[str]:
    """Change a customer's profile and merge its metadata."""
    customer = customers.update(customer_id, body.given(), api.actor, api.precondition)
    return api.done({"customer": views.customer(customer, query.fields)}, version=customer["version"])
