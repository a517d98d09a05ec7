from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.queries.one import GroupId, OneGroup
from shared.storage import groups

api = Api(needs=Role.VIEWER)
handler = api.handler


@api.operation("GET", "/admin/customer-groups/{id}", "CustomerGroupAnswer")
def get_customer_group(group_id: GroupId, query: OneGroup) -> Response[str]:
    """Get a customer group."""
    group = groups.get(group_id)
    return api.done({"customer_group": views.group(group, query.fields)}, version=group["version"])
