from dataclasses import asdict

from shared.domain.errors import CustomerGroupIsAutomatic, CustomerGroupNotFound, CustomerNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import ManageMembers
from shared.http.queries.one import GroupId, OneGroup
from shared.storage import groups, memberships

api = Api()
handler = api.handler


@api.operation(
    "POST",
    "/admin/customer-groups/{id}/customers",
    needs=Role.EDITOR,
    answer="ManagedMembersAnswer",
    etag=True,
    if_match=True,
    idempotency_key=True,
    refusals=(CustomerGroupNotFound, CustomerGroupIsAutomatic, CustomerNotFound),
)
def manage_group_customers(group_id: GroupId, body: ManageMembers, query: OneGroup) -> Response[str]:
    """Add customers to a group and remove others.

    Up to 1,000 ids in one request. If a customer in `add` does not exist, nothing is changed. With an object in `add`,
    the membership begins or ends at a set time. For a member it changes these times.
    """
    outcome = memberships.change_members(
        group_id, body.adding, body.remove, api.actor, api.precondition, terms=body.terms
    )
    group = groups.get(group_id, consistent=True)
    shown = views.group(group, query.fields)
    return api.ok({"customer_group": shown, **asdict(outcome)}, etag=views.etag(group))
