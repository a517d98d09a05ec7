from shared.domain.errors import CustomerGroupNotFound, TooManyReferences
from shared.http.access import Role
from shared.http.api import Api, Response
from shared.http.bodies import PutReference
from shared.http.queries.one import GroupId
from shared.http.queries.references import ReferenceId, System
from shared.storage import references
from shared.storage.references import Use

api = Api()
handler = api.handler


@api.operation(
    "PUT",
    "/admin/customer-groups/{id}/references/{system}/{reference_id}",
    needs=Role.EDITOR,
    answer="ReferenceAnswer",
    idempotency_key=True,
    refusals=(CustomerGroupNotFound, TooManyReferences),
)
def put_reference(group_id: GroupId, system: System, reference_id: ReferenceId, body: PutReference) -> Response[str]:
    """Create a reference to a customer group, or change it.

    A reference says that another system uses the group. A group with references is only deleted with `force=true`. It
    can have 1,000.
    """
    reference = references.put(group_id, Use(system, reference_id), body.label, body.url, api.actor)
    return api.ok({"reference": references.view(reference)})
