from shared.domain.errors import CustomerGroupNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.one import GroupId, OneGroup
from shared.storage import groups

api = Api()
handler = api.handler


@api.operation(
    "GET",
    "/admin/customer-groups/{id}",
    needs=Role.VIEWER,
    answer="CustomerGroupAnswer",
    etag=True,
    refusals=(CustomerGroupNotFound,),
)
def get_customer_group(group_id: GroupId, query: OneGroup) -> Response[str]:
    """Get a customer group."""
    group = groups.get(group_id)
    return api.ok({"customer_group": views.group(group, query.fields)}, etag=views.etag(group))
