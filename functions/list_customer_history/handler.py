from shared.domain.errors import CustomerNotFound
from shared.http import actors
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.history import CustomerHistory
from shared.http.queries.one import CustomerId
from shared.storage import history

api = Api()
handler = api.handler


@api.operation(
    "GET",
    "/admin/customers/{id}/history",
    needs=Role.VIEWER,
    answer="CustomerHistoryAnswer",
    refusals=(CustomerNotFound,),
)
def list_customer_history(customer_id: CustomerId, query: CustomerHistory) -> Response[str]:
    """List the changes of a customer of the last 90 days, newest first.

    Includes which groups the customer joined and left, with the group's name at that time. These entries appear with a
    short delay. A page can have fewer changes than `limit`, or none; it is the last one if `next_cursor` is null.
    """
    page = history.of_customer(
        customer_id, query.limit, query.after(customer_id), query.wanted, by_action=query.group_by == "action"
    )
    shown = list(map(history.view_of_customer, page.entries))
    return api.ok(query.answer(customer_id, actors.named(shown) if query.actor_names else shown, page.next_position))
