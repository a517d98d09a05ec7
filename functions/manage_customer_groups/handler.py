from shared.domain.errors import CustomerGroupIsAutomatic, CustomerGroupNotFound, CustomerNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import ManageMembers
from shared.http.queries.one import CustomerId, OneCustomer
from shared.storage import customers, memberships

api = Api()
handler = api.handler


@api.operation(
    "POST",
    "/admin/customers/{id}/customer-groups",
    needs=Role.EDITOR,
    answer="CustomerAnswer",
    etag=True,
    idempotency_key=True,
    refusals=(CustomerNotFound, CustomerGroupNotFound, CustomerGroupIsAutomatic),
)
def manage_customer_groups(customer_id: CustomerId, body: ManageMembers, query: OneCustomer) -> Response[str]:
    """Add a customer to groups and remove it from others."""
    memberships.change_groups(customer_id, body.adding, body.remove, api.actor, terms=body.terms)
    customer = customers.get(customer_id, consistent=True)
    return api.ok({"customer": views.customer(customer, query.fields)}, etag=views.etag(customer))
