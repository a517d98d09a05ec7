"""Users in the user pool."""

from collections.abc import Iterator

import boto3
import pytest

from shared.runtime import environment
from tests.afterwards import Surroundings


@pytest.fixture
def colleagues(
    surroundings: Surroundings,  # noqa: ARG001 - moto
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[dict[str, str]]:
    """The ids of Ada, who has a name in the user pool, and of Grace, who does not."""
    cognito = boto3.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="users", UsernameAttributes=["email"])["UserPool"]
    monkeypatch.setenv("USER_POOL_ARN", pool["Arn"])
    environment.user_pool_arn.cache_clear()

    def join(email: str, name: str | None) -> str:
        known = {"email": email, **({"name": name} if name else {})}
        user = cognito.admin_create_user(
            UserPoolId=pool["Id"],
            Username=email,
            UserAttributes=[{"Name": attribute, "Value": value} for attribute, value in known.items()],
        )["User"]
        return next(each["Value"] for each in user["Attributes"] if each["Name"] == "sub")

    yield {"ada": join("ada@liqnic.example", "Ada Lovelace"), "grace": join("grace@liqnic.example", None)}
    environment.user_pool_arn.cache_clear()
