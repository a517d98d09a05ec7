from shared.access import Role
from shared.api import Api, Response
from shared.queries.history import History
from shared.queries.one import GroupId
from shared.storage import history

api = Api(needs=Role.VIEWER)
handler = api.handler


@api.operation("GET", "/admin/customer-groups/{id}/history", "HistoryAnswer")
def list_customer_group_history(group_id: GroupId, query: History) -> Response[str]:
    """List what happened to a customer group, newest first."""
    changes = history.of_group(group_id, query.limit, query.after(group_id))
    shown = [history.view(change) for change in changes.items]
    return api.done(query.answer(group_id, shown, changes.next_position))
