"""Users and machines of the local API, and their tokens."""

import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx

from local.cloud import Cloud
from local.problems import LocalProblem

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

ADMIN: Final = "admin@liqnic.example"


@dataclass(frozen=True)
class UserPool:
    """The deployed user pool."""

    cloud: Cloud
    pool_id: str
    client_id: str

    @property
    def _cognito(self) -> "CognitoIdentityProviderClient":
        client: CognitoIdentityProviderClient = self.cloud.client("cognito-idp")
        return client

    def ensure(self, email: str, password: str, role: str | None) -> None:
        """Create the user if it does not exist, set the password, and add the user to the group `role`."""
        cognito = self._cognito
        try:
            cognito.admin_get_user(UserPoolId=self.pool_id, Username=email)
        except cognito.exceptions.UserNotFoundException:
            cognito.admin_create_user(
                UserPoolId=self.pool_id,
                Username=email,
                MessageAction="SUPPRESS",
                # The local Cognito would generate one that its own password policy refuses.
                TemporaryPassword=password,
                UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            )
        cognito.admin_set_user_password(UserPoolId=self.pool_id, Username=email, Password=password, Permanent=True)
        if role:
            cognito.admin_add_user_to_group(UserPoolId=self.pool_id, Username=email, GroupName=role)

    def access_token(self, email: str, password: str) -> str:
        """Sign in and return the access token for the API."""
        answer = self._cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )
        return answer["AuthenticationResult"]["AccessToken"]

    def machine_secret(self, machine_client_id: str) -> str:
        described = self._cognito.describe_user_pool_client(UserPoolId=self.pool_id, ClientId=machine_client_id)
        return described["UserPoolClient"]["ClientSecret"]


def machine_token(endpoint_url: str, client_id: str, secret: str, scope: str) -> str:
    """An access token for a machine, with the client credentials grant."""
    answer = httpx.post(
        f"{endpoint_url}/oauth2/token",
        data={"grant_type": "client_credentials", "scope": scope},
        auth=(client_id, secret),
        timeout=60,
        trust_env=False,
    )
    if answer.status_code != httpx.codes.OK:
        raise LocalProblem(f"The machine client got no token: {answer.text}")
    return str(answer.json()["access_token"])


def new_password() -> str:
    """A password that meets the user pool's policy: 20 characters of all four kinds."""
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "-_.:+")
    characters = [secrets.choice(kind) for kind in kinds] + [secrets.choice("".join(kinds)) for _ in range(16)]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)
