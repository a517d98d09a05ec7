"""The names of the people in histories and jobs, read from the user pool. The table only has their ids."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from aws_lambda_powertools import Logger
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.runtime import aws, environment

MAX_LOOKUPS: Final = 10
"""How many people one request looks up. Further people have no name until a later request."""
CACHE_SECONDS: Final = 300.0

_PERSON: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_cached: Final[dict[str, tuple[float, str | None]]] = {}

logger = Logger()


def named(entries: Sequence[Mapping[str, Any]], field: str = "actor") -> list[dict[str, Any]]:
    """The entries with `<field>_name`, which is null for machines and for unknown people."""
    names = _names(entry[field] for entry in entries)
    return [{**entry, f"{field}_name": names.get(entry[field])} for entry in entries]


def _names(actors: Iterable[str]) -> dict[str, str | None]:
    """The names of the people among the actors. If the user pool fails, the history is returned without names."""
    people = [actor for actor in dict.fromkeys(actors) if _PERSON.fullmatch(actor)]
    unknown = [one for one in people if _cached.get(one, (0.0, None))[0] < time.monotonic()]
    try:
        for one in unknown[:MAX_LOOKUPS]:
            _cached[one] = (time.monotonic() + CACHE_SECONDS, _look_up(one))
    except (ClientError, BotoCoreError) as error:
        logger.warning("the user pool did not return names", reason=type(error).__name__)
    return {one: _cached[one][1] for one in people if one in _cached}


def _look_up(person: str) -> str | None:
    """The name or else the e-mail address of a user. None if the user no longer exists."""
    pool_id = environment.user_pool_arn().rpartition("/")[2]
    try:
        user = _user_pool().admin_get_user(UserPoolId=pool_id, Username=person)
    except ClientError as error:
        if error.response["Error"]["Code"] == "UserNotFoundException":
            return None
        raise
    attributes = {each["Name"]: each["Value"] for each in user["UserAttributes"]}
    return attributes.get("name") or attributes.get("email")


@cache
def _user_pool() -> Any:
    """Created on first use. Names are optional, so the timeouts are short."""
    return aws.client("cognito-idp", Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1}))
