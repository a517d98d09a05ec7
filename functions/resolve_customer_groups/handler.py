"""Returns the groups that customers are in, for pricing and promotions."""

from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.domain import exact_json
from shared.domain.errors import InvalidData
from shared.domain.validation import as_refusal
from shared.dynamodb import client
from shared.http import direct
from shared.runtime import environment, initialization
from shared.runtime.log import logger
from shared.storage import membership_reads, own_keys, records
from shared.storage.kinds import CUSTOMER, GROUP

MAX_AT_ONCE: Final = 16
LARGEST_BYTES: Final = 6_000_000
"""Lambda returns at most 6 MiB."""
SHOWN: Final = ("id", "key", "name", "metadata")

initialization.prepare(client.dynamodb, environment.table_name)


class Question(BaseModel):
    """One customer, or up to 100, by id or `key:<own key>`."""

    model_config = ConfigDict(extra="forbid")

    customer_id: str | None = None
    customer_ids: Annotated[list[str], Field(max_length=100)] | None = None


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
    """Return `{customer_id, groups}` for one customer, or `{customers: [{customer_id, groups}, …]}` for several."""
    try:
        question = Question.model_validate(event)
    except ValidationError as error:
        direct.count_refusal()
        raise as_refusal(error.errors()) from None
    if question.customer_id is not None:
        return _answers([question.customer_id])[0]
    return {"customers": _answers(question.customer_ids or [])}


def _answers(customer_ids: list[str]) -> list[dict[str, Any]]:
    """In the order of the request. An unknown customer is in no group. Raises InvalidData if they do not fit."""
    with ThreadPoolExecutor(MAX_AT_ONCE) as pool:
        ids = list(
            pool.map(lambda one: list(membership_reads.group_ids(one)), own_keys.resolved(CUSTOMER, customer_ids))
        )
    found = records.get_many(GROUP, (group_id for some in ids for group_id in some))
    answers = [
        {
            "customer_id": customer_id,
            "groups": [{name: found[one].get(name) for name in SHOWN} for one in some if one in found],
        }
        for customer_id, some in zip(customer_ids, ids, strict=True)
    ]
    text = exact_json.dumps(answers)
    if len(text.encode()) > LARGEST_BYTES:
        direct.count_refusal()
        raise InvalidData.at("customer_ids", "have more groups than fit into one answer; ask for fewer")
    return list(exact_json.plain(text))
