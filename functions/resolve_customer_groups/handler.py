"""Answers pricing and promotions: which groups a customer is in."""

from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared import wire
from shared.refusals import as_refusal
from shared.storage import memberships, records
from shared.storage.kinds import GROUP

MOST_AT_ONCE: Final = 16
SHOWN: Final = ("id", "name", "metadata")

logger = Logger()


class Question(BaseModel):
    """One customer, or up to 100."""

    model_config = ConfigDict(extra="forbid")

    customer_id: str | None = None
    customer_ids: Annotated[list[str], Field(max_length=100)] | None = None


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
    """Answer `{customer_id, groups}` for one customer, `{customers: [{customer_id, groups}, …]}` for several."""
    try:
        question = Question.model_validate(event)
    except ValidationError as error:
        raise as_refusal(error.errors()) from None
    if question.customer_id is not None:
        return _answers([question.customer_id])[0]
    return {"customers": _answers(question.customer_ids or [])}


def _answers(customer_ids: list[str]) -> list[dict[str, Any]]:
    """In the order asked. An unknown customer is in no group."""
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        ids = list(pool.map(lambda one: list(memberships.group_ids(one)), customer_ids))
    found = records.many(GROUP, (group_id for some in ids for group_id in some))
    answers = [
        {
            "customer_id": customer_id,
            "groups": [{name: found[one].get(name) for name in SHOWN} for one in some if one in found],
        }
        for customer_id, some in zip(customer_ids, ids, strict=True)
    ]
    return list(wire.plain(wire.dumps(answers)))
