from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.bodies import CreateCustomerGroup
from shared.queries.one import OneGroup
from shared.storage import groups

api = Api(needs=Role.EDITOR)
handler = api.handler


@api.operation("POST", "/admin/customer-groups", "CustomerGroupAnswer")
def create_customer_group(body: CreateCustomerGroup, query: OneGroup) -> Response[str]:
    """Create a customer group."""
    group = groups.create(body.name, body.metadata, api.actor, once=api.once)
    return api.done({"customer_group": views.group(group, query.fields)}, version=group["version"])
