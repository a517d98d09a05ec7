from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.bodies import ManageMembers
from shared.queries.one import CustomerId, OneCustomer
from shared.storage import customers, memberships

api = Api(needs=Role.EDITOR)
handler = api.handler


@api.operation("POST", "/admin/customers/{id}/customer-groups", "CustomerAnswer")
def manage_customer_groups(customer_id: CustomerId, body: ManageMembers, query: OneCustomer) -> Response[str]:
    """Add a customer to groups and remove it from others."""
    memberships.change_groups(customer_id, body.add, body.remove, api.actor)
    customer = customers.get(customer_id, consistent=True)
    return api.done({"customer": views.customer(customer, query.fields)}, version=customer["version"])
