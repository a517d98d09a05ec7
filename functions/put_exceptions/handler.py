from shared.domain.errors import CustomerGroupIsManual, CustomerGroupNotFound, CustomerNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import PutExceptions
from shared.http.queries.one import GroupId
from shared.storage.rules import exceptions

api = Api()
handler = api.handler


@api.operation(
    "PUT",
    "/admin/customer-groups/{id}/exceptions",
    needs=Role.EDITOR,
    answer="ExceptionsAnswer",
    etag=True,
    if_match=True,
    idempotency_key=True,
    refusals=(CustomerGroupNotFound, CustomerGroupIsManual, CustomerNotFound),
)
def put_exceptions(group_id: GroupId, body: PutExceptions) -> Response[str]:
    """Replace the exceptions from the rule of an automatic group.

    Customers in `always` are in the group, and customers in `never` are not, whatever the rule says. That applies at
    once. A group can have 500 exceptions.
    """
    group, found = exceptions.replace(group_id, body.always, body.never, api.actor, api.precondition)
    return api.ok({"exceptions": found._asdict()}, etag=views.etag(group))
