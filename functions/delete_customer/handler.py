from shared.domain.errors import CustomerNotFound
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.one import CustomerId
from shared.storage import customers

api = Api()
handler = api.handler


@api.operation(
    "DELETE",
    "/admin/customers/{id}",
    needs=Role.ADMIN,
    answer="DeletedCustomerAnswer",
    if_match=True,
    idempotency_key=True,
    refusals=(CustomerNotFound,),
)
def delete_customer(customer_id: CustomerId) -> Response[str]:
    """Delete a customer.

    It is removed from all its groups. Their counts are exact at all times.
    """
    customers.delete(customer_id, api.actor, api.precondition)
    return api.ok({"id": customer_id, "object": "customer", "deleted": True})
