"""The guard of the local cloud only accepts requests with its host names and the key of the stack."""

import asyncio
from typing import Any

import httpx
import pytest

from local.guard import Guard, Scope

ROOT_KEY = "0A1B2C3D4E5F60718293A4B5C6D7E8F9"
FRONT = "http://127.0.0.1:8000"
SIGNED = f"AWS4-HMAC-SHA256 Credential={ROOT_KEY}/20261124/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0"


async def cloud(_scope: Scope, _receive: Any, send: Any) -> None:
    """An application that accepts every request."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"done"})


def ask(method: str = "POST", target: str = "/", **headers: str) -> int:
    """The status of a response to a request that is valid except for the given parts."""
    given = {"Host": "127.0.0.1:4566", "Authorization": SIGNED} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }

    async def send() -> int:
        transport = httpx.ASGITransport(app=Guard(cloud, ROOT_KEY, {FRONT}))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:4566") as client:
            answer = await client.request(method, target, headers={k: v for k, v in given.items() if v})
            return answer.status_code

    return asyncio.run(send())


def signed_by(key: str) -> str:
    return SIGNED.replace(ROOT_KEY, key)


def test_requests_with_the_key_are_forwarded() -> None:
    assert ask() == 200
    assert ask(Host="host.docker.internal:4566") == 200, "a container of this machine"
    assert ask(Authorization=signed_by("ASIA0123456789ABCDEF")) == 200, "a function, with the key that it was given"


@pytest.mark.parametrize("key", ["test", "", "000000000000", "123456789012", "AKIA" + "IOSFODNN7EXAMPLE"])
def test_well_known_keys_are_refused(key: str) -> None:
    assert ask(Authorization=signed_by(key)) == 403
    assert ask("GET", f"/?Action=ListQueues&X-Amz-Credential={key}%2F20261124%2Fus-east-1", Authorization="") == 403
    assert ask("GET", f"/bucket/key?AWSAccessKeyId={key}", Authorization="") == 403
    assert ask(Authorization=f"AWS {key}:signature") == 403


def test_a_second_key_in_addition_to_the_right_one_is_refused() -> None:
    assert ask("GET", "/?X-Amz-Credential=test/20261124") == 403
    assert ask("GET", f"/?AWSAccessKeyId={ROOT_KEY}&AWSAccessKeyId=test") == 403


def test_other_origins_are_refused_even_with_the_key() -> None:
    assert ask(Origin="https://elsewhere.example") == 403
    assert ask("OPTIONS", Origin="https://elsewhere.example", Access_Control_Request_Method="POST") == 403
    assert ask(Origin="null") == 403
    assert ask(Origin="http://127.0.0.1:8001") == 403, "another program's page on this machine"
    assert ask(Origin=FRONT) == 200


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example:4566", "localhost.example", ""])
def test_other_host_names_are_refused(host: str) -> None:
    assert ask(Host=host or " ") == 403


def test_only_sign_in_and_the_api_work_without_a_key() -> None:
    sign_in = {"X_Amz_Target": "AWSCognitoIdentityProviderService.InitiateAuth", "Authorization": ""}
    assert ask(**sign_in) == 200
    assert ask(**sign_in, Origin="https://elsewhere.example") == 403
    assert ask(target="/oauth2/token", Authorization="Basic Y2xpZW50OnNlY3JldA==") == 200
    assert ask("GET", "/_ministack/ready", Authorization="") == 200
    api = {"Host": "a1b2c3d4.execute-api.localhost:4566", "Authorization": "Bearer token"}
    assert ask("GET", "/live/admin/customers", **api, Origin="https://elsewhere.example") == 200


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/?Action=DeleteQueue&QueueUrl=http://127.0.0.1:4566/000000000000/purge"),
        ("GET", "/customer-groups-page/index.html"),
        ("POST", "/_ministack/reset"),
        ("POST", "/_ministack/config"),
        ("GET", "/_aws/execute-api/a1b2c3d4/live/admin/customers"),
        ("POST", "/2015-03-31/functions/DeleteCustomerGroup/invocations"),
    ],
)
def test_everything_else_requires_the_key(method: str, target: str) -> None:
    assert ask(method, target, Authorization="") == 403
    assert ask(method, target, Authorization="", X_Amz_Target="DynamoDB_20120810.Scan") == 403


def test_websockets_are_closed_immediately() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> None:
        """Receives nothing."""

    asyncio.run(Guard(cloud, ROOT_KEY, set())({"type": "websocket"}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
