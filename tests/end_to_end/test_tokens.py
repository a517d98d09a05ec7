"""Every route with every kind of invalid token, and with every role and scope, compared with docs/access.md.

The local gateway verifies the same as API Gateway: signature, issuer, times and scopes. Neither checks the app client
of an access token; the functions do.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local.stack import Stack
from local.users import new_password
from tests.end_to_end.test_access import ROUTES, is_refusal
from tests.stack import eventually

type Open = Callable[[str | None], httpx.Client]
type Claims = dict[str, Any]

ACCESS: Final = Path(__file__).parents[2] / "docs" / "access.md"
ROW: Final = re.compile(r"\| (?P<method>\w+) `(?P<path>.+?)` \| `\w+` \| (?P<people>.+?) \| (?P<machines>.+?) \|")
QUIET_SECONDS: Final = 10
"""How long nothing is written before no function is assumed to be at work. No test here writes to the table."""
NOBODY: Final = "cusgroup_01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.fixture(scope="module")
def key(stack: Stack, stack_home: Path) -> rsa.RSAPrivateKey:
    """The signing key of the local user pool, to create tokens with a single flaw."""
    pem = stack_home / "state" / "cognito-pool-keys" / f"{stack.user_pool_id}-access.pem"
    found = load_pem_private_key(pem.read_bytes(), password=None)
    assert isinstance(found, rsa.RSAPrivateKey)
    return found


@pytest.fixture(scope="module")
def token(token_for: Callable[[str | None], str]) -> str:
    """A valid access token of an admin."""
    return token_for("admin")


@pytest.fixture(scope="module")
def stored(stack: Stack) -> Callable[[], list[str]]:
    """All items of the table, for comparison with a later state, once functions of earlier tests have ended."""
    dynamodb = stack.cloud.client("dynamodb")

    def scan() -> list[str]:
        pages = dynamodb.get_paginator("scan").paginate(TableName=stack.table_name)
        return sorted(json.dumps(item, sort_keys=True) for page in pages for item in page["Items"])

    def is_quiet() -> bool:
        before = scan()
        time.sleep(QUIET_SECONDS)
        return scan() == before

    assert eventually(is_quiet)
    return scan


def part(content: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def parts(token: str) -> tuple[Claims, Claims]:
    """The header and the claims of a token."""
    head, claims, _ = (base64.urlsafe_b64decode(one + "=" * (-len(one) % 4)) for one in token.split("."))
    return json.loads(head), json.loads(claims)


def signed(key: rsa.RSAPrivateKey, header: Claims, claims: Claims) -> str:
    text = f"{part(header)}.{part(claims)}"
    signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{text}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def forgeries(token: str, key: rsa.RSAPrivateKey) -> dict[str, str]:
    """Tokens with a single flaw."""
    header, claims = parts(token)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signature, now = token.rpartition(".")[2], int(time.time())
    other_pool = claims["iss"].rpartition("_")[0] + "_stranger0"
    return {
        "expired": signed(key, header, claims | {"exp": now - 60, "iat": now - 4_000}),
        "of another pool": signed(key, header, claims | {"iss": other_pool}),
        "signed by a stranger": signed(stranger, header, claims),
        "changed after it was signed": f"{part(header)}.{part(claims | {'sub': 'me'})}.{signature}",
        "not signed": f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}.",
        "said not to be signed": f"{part(header | {'alg': 'none'})}.{part(claims)}.",
        "signed with an unknown key": signed(key, header | {"kid": "unknown"}, claims),
        "without a scope": signed(key, header, {name: one for name, one in claims.items() if name != "scope"}),
        "of another application": signed(key, header, claims | {"client_id": "another-application"}),
        "with a scope of another service": signed(key, header, claims | {"scope": "orders/admin openid"}),
        "no token at all": "admin",
    }


def test_a_token_signed_here_is_accepted_like_one_of_the_pool(client: Open, token: str, key: rsa.RSAPrivateKey) -> None:
    """Otherwise the invalid tokens could be refused for the wrong reason."""
    assert client(signed(key, *parts(token))).get("/admin/customer-groups").status_code == 200


# A minimal token, to get the names of the flaws.
@pytest.mark.parametrize(
    "flaw", forgeries(".".join(["e30", part({"iss": "a_b"}), "e30"]), rsa.generate_private_key(65537, 2048))
)
def test_no_route_accepts_a_token_that_is(
    client: Open, token: str, key: rsa.RSAPrivateKey, stored: Callable[[], list[str]], flaw: str
) -> None:
    before = stored()
    forger = client(forgeries(token, key)[flaw])
    for method, path in ROUTES:
        answer = forger.request(method, path.replace("{id}", NOBODY), json={} if method != "GET" else None)
        assert is_refusal(answer, 401, "unauthorized"), f"{method} {path}: {answer.text}"
    assert stored() == before


def test_no_route_accepts_an_id_token(client: Open, stack: Stack) -> None:
    email, password = "grace.hopper@liqnic.example", new_password()
    stack.users.ensure(email, password, "admin")
    cognito = stack.cloud.client("cognito-idp")
    given = cognito.initiate_auth(
        ClientId=stack.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    holder = client(given["AuthenticationResult"]["IdToken"])
    for method, path in ROUTES:
        assert is_refusal(holder.request(method, path.replace("{id}", NOBODY)), 401, "unauthorized")


def allowed() -> dict[tuple[str, str], tuple[str, str]]:
    """The people and machines that can use each route, from docs/access.md."""
    found = {(row["method"], row["path"]): (row["people"], row["machines"]) for row in ROW.finditer(ACCESS.read_text())}
    assert set(found) == set(ROUTES)
    return found


@pytest.mark.parametrize("role", ["viewer", "editor", "admin", None])
def test_people_have_the_permissions_of_their_role(
    client: Open, token_for: Callable[[str | None], str], stored: Callable[[], list[str]], role: str | None
) -> None:
    person, before = client(token_for(role)), stored()
    for (method, path), (people, _) in allowed().items():
        # An invalid body, so that allowed requests have no effect.
        answer = person.request(method, path.replace("{id}", NOBODY), params={"nonsense": "1"})
        if role in people.split(", "):
            assert answer.status_code in (400, 404), f"{method} {path}: {answer.text}"
        else:
            assert is_refusal(answer, 403, "forbidden"), f"{method} {path}: {answer.text}"
    assert stored() == before


@pytest.mark.parametrize("scope", ["read", "write", "admin"])
def test_machines_have_the_permissions_of_their_scope(
    client: Open, machine: Callable[[str], str], key: rsa.RSAPrivateKey, stored: Callable[[], list[str]], scope: str
) -> None:
    header, claims = parts(machine("customer-groups/read"))
    # Signed here, because the stack's client cannot request all of them.
    service, before = client(signed(key, header, claims | {"scope": f"customer-groups/{scope}"})), stored()
    for (method, path), (_, machines) in allowed().items():
        answer = service.request(method, path.replace("{id}", NOBODY), params={"nonsense": "1"})
        if f"`customer-groups/{scope}`" in machines:
            assert answer.status_code in (400, 404), f"{method} {path}: {answer.text}"
        else:
            assert is_refusal(answer, 401, "unauthorized"), f"{method} {path}: {answer.text}"
    assert stored() == before


def test_a_machine_cannot_get_a_scope_that_its_client_lacks(machine: Callable[[str], str]) -> None:
    with pytest.raises(Exception, match="got no token"):
        machine("customer-groups/admin")
