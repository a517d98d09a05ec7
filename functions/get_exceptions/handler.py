from shared.domain.errors import CustomerGroupNotFound
from shared.http import views
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.one import GroupId
from shared.storage.rules import exceptions

api = Api()
handler = api.handler


@api.operation(
    "GET",
    "/admin/customer-groups/{id}/exceptions",
    needs=Role.VIEWER,
    answer="ExceptionsAnswer",
    etag=True,
    refusals=(CustomerGroupNotFound,),
)
def get_exceptions(group_id: GroupId) -> Response[str]:
    """Get the exceptions from the rule of an automatic group."""
    group, found = exceptions.get(group_id)
    return api.ok({"exceptions": found._asdict()}, etag=views.etag(group))
