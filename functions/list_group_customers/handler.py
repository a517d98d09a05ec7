from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.queries.customers import Members
from shared.queries.one import GroupId
from shared.storage import lists

api = Api(needs=Role.VIEWER)
handler = api.handler


@api.operation("GET", "/admin/customer-groups/{id}/customers", "CustomersAnswer")
def list_group_customers(group_id: GroupId, query: Members) -> Response[str]:
    """List the customers in a group.

    Filtered, searched and ordered, in pages by `offset` or `cursor`.
    """
    page = lists.page(query.listing(members_of=group_id))
    shown = views.customers(page.items, query.fields)
    return api.done(query.answer("customers", page, shown, members_of=group_id))
