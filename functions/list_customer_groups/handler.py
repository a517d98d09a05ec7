from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.groups import Groups
from shared.storage import lists

api = Api()
handler = api.handler


@api.operation("GET", "/admin/customer-groups", needs=Role.VIEWER, answer="CustomerGroupsAnswer")
def list_customer_groups(query: Groups) -> Response[str]:
    """List customer groups.

    The list can be filtered, searched and sorted. Page through it with `offset` or `cursor`.
    """
    page = lists.page(query.listing())
    return api.ok(query.answer("customer_groups", page, views.groups(page.items, query.fields)))
