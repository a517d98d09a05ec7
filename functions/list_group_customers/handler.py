from shared.domain.errors import CustomerGroupNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.customers import Members
from shared.http.queries.one import GroupId
from shared.storage import lists

api = Api()
handler = api.handler


@api.operation(
    "GET",
    "/admin/customer-groups/{id}/customers",
    needs=Role.VIEWER,
    answer="MembersAnswer",
    refusals=(CustomerGroupNotFound,),
)
def list_group_customers(group_id: GroupId, query: Members) -> Response[str]:
    """List the customers in a group.

    The list can be filtered, searched and sorted. Page through it with `offset` or `cursor`.
    """
    listing = query.listing(members_of=group_id)._replace(shows_memberships=query.shows_memberships)
    page = lists.page(listing)
    shown = views.members(group_id, page.items, query.fields)
    return api.ok(query.answer("customers", page, shown, members_of=group_id))
