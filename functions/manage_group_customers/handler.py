from dataclasses import asdict

from shared import views
from shared.access import Role
from shared.api import Api, Response
from shared.bodies import ManageMembers
from shared.queries.one import GroupId, OneGroup
from shared.storage import groups, memberships

api = Api(needs=Role.EDITOR)
handler = api.handler


@api.operation("POST", "/admin/customer-groups/{id}/customers", "ManagedMembersAnswer")
def manage_group_customers(group_id: GroupId, body: ManageMembers, query: OneGroup) -> Response[str]:
    """Add customers to a group and remove others.

    Up to 1,000 ids in one request. Of an unknown customer in `add`, nothing of the request is done.
    """
    outcome = memberships.change_members(group_id, body.add, body.remove, api.actor, api.precondition)
    group = groups.get(group_id, consistent=True)
    shown = views.group(group, query.fields)
    return api.done({"customer_group": shown, **asdict(outcome)}, version=group["version"])
