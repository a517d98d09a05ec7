from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.customers import Customers
from shared.storage import lists

api = Api()
handler = api.handler


@api.operation("GET", "/admin/customers", needs=Role.VIEWER, answer="CustomersAnswer")
def list_customers(query: Customers) -> Response[str]:
    """List customers.

    The list can be filtered (by group with `groups=`), searched and sorted. Page through it with `offset` or `cursor`.
    """
    page = lists.page(query.listing())
    return api.ok(query.answer("customers", page, views.customers(page.items, query.fields)))
