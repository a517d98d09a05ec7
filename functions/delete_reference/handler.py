from shared.domain.errors import CustomerGroupNotFound, ReferenceNotFound
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.queries.one import GroupId
from shared.http.queries.references import ReferenceId, System
from shared.storage import references
from shared.storage.references import Use

api = Api()
handler = api.handler


@api.operation(
    "DELETE",
    "/admin/customer-groups/{id}/references/{system}/{reference_id}",
    needs=Role.EDITOR,
    answer="DeletedReferenceAnswer",
    idempotency_key=True,
    refusals=(CustomerGroupNotFound, ReferenceNotFound),
)
def delete_reference(group_id: GroupId, system: System, reference_id: ReferenceId) -> Response[str]:
    """Delete a reference to a customer group."""
    references.remove(group_id, Use(system, reference_id))
    return api.ok({"id": reference_id, "object": "reference", "deleted": True})
