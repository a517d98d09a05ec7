from shared.access import Role
from shared.api import Api, Response
from shared.queries.one import CustomerId
from shared.storage import customers

api = Api(needs=Role.ADMIN)
handler = api.handler


@api.operation("DELETE", "/admin/customers/{id}", "DeletedCustomerAnswer")
def delete_customer(customer_id: CustomerId) -> Response[str]:
    """Delete a customer.

    It leaves all its groups, whose counts are exact at every moment.
    """
    customers.delete(customer_id, api.actor, api.precondition)
    return api.done({"id": customer_id, "object": "customer", "deleted": True})
