from shared.domain.errors import CustomerGroupNotFound
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.one import GroupId
from shared.http.queries.references import References
from shared.storage import groups, references

api = Api()
handler = api.handler


@api.operation(
    "GET",
    "/admin/customer-groups/{id}/references",
    needs=Role.VIEWER,
    answer="ReferencesAnswer",
    refusals=(CustomerGroupNotFound,),
)
def list_references(group_id: GroupId, query: References) -> Response[str]:
    """List the references to a customer group, sorted by system and id."""
    count = references.count(groups.get(group_id))
    page = references.of_group(group_id, query.limit, query.after(group_id))
    return api.ok(query.answer(group_id, page, count))
