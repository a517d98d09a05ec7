from shared.domain.errors import CustomerEmailTaken, CustomerIdTaken, CustomerKeyTaken, CustomerNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import CreateCustomer
from shared.http.queries.one import OneCustomer
from shared.storage import customers

api = Api()
handler = api.handler


@api.operation(
    "POST",
    "/admin/customers",
    needs=Role.ADMIN,
    answer="CustomerAnswer",
    etag=True,
    idempotency_key=True,
    refusals=(CustomerEmailTaken, CustomerIdTaken, CustomerKeyTaken, CustomerNotFound),
)
def create_customer(body: CreateCustomer, query: OneCustomer) -> Response[str]:
    """Create a customer.

    The `id` is optional, to keep an id from another system.
    """
    customer = customers.create(
        body.model_dump(exclude={"id"}), api.actor, chosen_id=body.id, request_key=api.request_key
    )
    in_no_group = {**customer, "group_count": 0}
    return api.ok({"customer": views.customer(in_no_group, query.fields)}, etag=views.etag(customer))
