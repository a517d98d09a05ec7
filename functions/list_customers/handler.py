from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.queries.customers import Customers
from shared.storage import lists

api = Api(needs=Role.VIEWER)
handler = api.handler


@api.operation("GET", "/admin/customers", "CustomersAnswer")
def list_customers(query: Customers) -> Response[str]:
    """List customers.

    Filtered (`groups=` by group), searched and ordered, in pages by `offset` or `cursor`.
    """
    page = lists.page(query.listing())
    return api.done(query.answer("customers", page, views.customers(page.items, query.fields)))
