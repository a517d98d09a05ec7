from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.queries.groups import Groups
from shared.storage import lists

api = Api(needs=Role.VIEWER)
handler = api.handler


@api.operation("GET", "/admin/customer-groups", "CustomerGroupsAnswer")
def list_customer_groups(query: Groups) -> Response[str]:
    """List customer groups.

    Filtered, searched and ordered, in pages by `offset` or `cursor`.
    """
    page = lists.page(query.listing())
    return api.done(query.answer("customer_groups", page, views.groups(page.items, query.fields)))
