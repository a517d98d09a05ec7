from shared.domain.errors import CustomerGroupNotFound
from shared.http import actors
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.history import GroupHistory
from shared.http.queries.one import GroupId
from shared.storage import history

api = Api()
handler = api.handler


@api.operation(
    "GET",
    "/admin/customer-groups/{id}/history",
    needs=Role.VIEWER,
    answer="HistoryAnswer",
    refusals=(CustomerGroupNotFound,),
)
def list_customer_group_history(group_id: GroupId, query: GroupHistory) -> Response[str]:
    """List the changes of a customer group, newest first.

    A page can have fewer changes than `limit`, or none; it is the last one if `next_cursor` is null.
    With `group_by=action`, an action with more than 500 changes continues on the next page, under the same id.
    """
    page = history.of_group(
        group_id, query.limit, query.after(group_id), query.wanted, by_action=query.group_by == "action"
    )
    shown = list(map(history.view_of_group, page.entries))
    return api.ok(query.answer(group_id, actors.named(shown) if query.actor_names else shown, page.next_position))
