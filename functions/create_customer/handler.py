from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.bodies import CreateCustomer
from shared.queries.one import OneCustomer
from shared.storage import customers

api = Api(needs=Role.ADMIN)
handler = api.handler


@api.operation("POST", "/admin/customers", "CustomerAnswer")
def create_customer(body: CreateCustomer, query: OneCustomer) -> Response[str]:
    """Create a customer."""
    customer = customers.create(body.model_dump(), api.actor, once=api.once)
    return api.done({"customer": views.customer(customer, query.fields)}, version=customer["version"])
