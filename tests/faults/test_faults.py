"""Failures of DynamoDB and Lambda: acknowledged writes are not lost, and no write is repeated or partial."""

import tests.database  # noqa: F401 - imported before `shared`

# isort: split

import json
import time
from collections import Counter
from threading import get_ident
from typing import Final, override

import pytest

from shared.dynamodb import reads
from shared.storage import keys
from tests import database, samples, template, trouble
from tests.afterwards import Surroundings
from tests.api import Answer, Client, Context, event, handler
from tests.samples import HTTP_OPERATIONS, VIP
from tests.trouble import Clock, Trouble

GROUPS: Final = "/admin/customer-groups"
GATEWAY_GIVES_UP_AFTER: Final = 29.0
FUNCTION_LIMIT: Final = float(template.function_time_limit())

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="trouble is made on the way to dynoxide")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, surroundings: Surroundings) -> None:  # noqa: ARG001 - as for `shop`
    """Time only passes in pauses, which take no real time: tests are fast, and nothing is late on a busy machine."""
    Clock(monkeypatch)


@pytest.fixture
def shop(api: Client, surroundings: Surroundings) -> Client:  # noqa: ARG001 - the bucket and the machine of jobs
    """The client of an admin, with the records of the sample events."""
    samples.fill()
    return api


every_call = pytest.mark.parametrize("operation", HTTP_OPERATIONS)
TROUBLES: Final = [
    trouble.throttled,
    trouble.conflicting,
    trouble.failing,
    trouble.unreachable,
    trouble.unanswered,
]


WRITES: Final = [
    operation
    for operation in HTTP_OPERATIONS
    if samples.request(operation).method != "GET" and operation != "preview_rule"
]
every_write = pytest.mark.parametrize("operation", WRITES)


class Invocation(Context):
    """An invocation with the function's timeout. The remaining time decreases with each check."""

    def __init__(self, operation: str, *, asked_before_it_dies: int | None = None) -> None:
        super().__init__(operation)
        self._began = time.monotonic()
        self._asked = 0
        self._dies_at = asked_before_it_dies

    @override
    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override] # Powertools declares it static
        self._asked += 1
        if self._dies_at is not None and self._asked > self._dies_at:
            return 0
        return int((FUNCTION_LIMIT - (time.monotonic() - self._began)) * 1_000)


def ask(api: Client, operation: str, key: str | None = None, context: Context | None = None) -> Answer:
    """Send a request without relations, and accept a 503."""
    request = samples.request(operation)
    query = "" if key else request.query
    headers = {"Idempotency-Key": key} if key else {}
    sent = event(request.method, request.path, query, request.body, headers, api.claims)
    raw = handler(operation)(sent, context or Invocation(operation))
    headers = {name: ", ".join(values) for name, values in raw["multiValueHeaders"].items()}
    return Answer(raw["statusCode"], json.loads(raw["body"]), headers, raw["body"])


def changes_of(api: Client) -> Counter[tuple[str, str]]:
    """The number of changes by kind of record and type."""
    return Counter((one["subject"], one["type"]) for one in api.table.items() if one["SK"].startswith("CHANGE#"))


def renew(api: Client) -> None:
    """Restore the initial records."""
    api.table.clear()
    samples.fill()


@every_call
@pytest.mark.usefixtures("quick")
def test_lasting_failures_return_retry_after_and_leave_no_partial_writes(shop: Client, operation: str) -> None:
    before = shop.table.contents()
    for one in TROUBLES:
        with trouble.trouble(lambda *_, one=one: one):
            answer = ask(shop, operation)
        assert answer.status in (429, 503), answer.text
        assert answer.headers["Retry-After"] == "1"
        assert answer.body["type"] in ("too_many_requests", "unexpected_state")
        if one is not trouble.unanswered:
            assert shop.table.contents() == before
    shop.table.check()


@every_call
@pytest.mark.usefixtures("quick")
def test_temporary_failures_are_not_visible(shop: Client, operation: str) -> None:
    passing = [trouble.throttled, trouble.conflicting, trouble.failing]
    for _ in range(20):
        # botocore limits retries with a quota, which other tests may have used up.
        reads.get(keys.group("nobody"))
    course, threads = iter(passing), list[int]()

    def choose(*_: object) -> Trouble | None:
        """One failure for each call, except for the parallel calls of a list."""
        threads.append(get_ident())
        return next(course, None) if threads[0] == get_ident() else None

    with trouble.trouble(choose) as plan:
        assert ask(shop, operation).status == 200
    assert plan.met == len(passing)


@every_write
@pytest.mark.usefixtures("quick")
def test_an_attempt_whose_response_was_lost_is_not_repeated(api: Client, operation: str) -> None:
    """The next attempt conflicts, and the one after that succeeds."""
    renew(api)
    assert ask(api, operation).status == 200
    undisturbed = changes_of(api)
    renew(api)
    course = iter([trouble.unanswered, trouble.conflicting])
    with trouble.trouble(lambda action, _: next(course, None) if action == "TransactWriteItems" else None) as plan:
        assert ask(api, operation).status == 200
    assert plan.met == 2
    assert changes_of(api) == undisturbed
    api.table.check()


@pytest.mark.parametrize("one", [trouble.unanswered, trouble.killed_before, trouble.killed_after])
@every_write
@pytest.mark.usefixtures("quick")
def test_a_request_with_a_key_has_one_effect_wherever_it_fails(api: Client, operation: str, one: Trouble) -> None:
    """The client repeats the request until it gets a response. The failure starts at each of the calls in turn."""
    renew(api)
    assert ask(api, operation, "key-1").status == 200
    undisturbed = changes_of(api)
    for place in range(20):
        renew(api)
        with trouble.trouble(lambda _, before, place=place: one if before >= place else None) as plan:  # type: ignore[misc] # mypy cannot infer a lambda with defaults
            try:
                status = ask(api, operation, "key-1", Invocation(operation, asked_before_it_dies=2)).status
                assert status == (503 if plan.met else 200)
            except trouble.Killed:
                pass
        again = ask(api, operation, "key-1")
        is_gone = operation.startswith("delete_") and again.status == 404
        assert again.status == 200 or is_gone, f"place {place}: {again.text}"
        assert changes_of(api) == undisturbed, f"place {place}"
        api.table.check()
        if not plan.met:
            return
    raise AssertionError("it never came to an end")


@pytest.mark.usefixtures("quick")
def test_a_repeated_creation_returns_the_same_record(shop: Client) -> None:
    for operation, name in (("create_customer_group", "customer_group"), ("create_customer", "customer")):
        with (
            trouble.trouble(lambda action, _: trouble.killed_after if action == "TransactWriteItems" else None),
            pytest.raises(trouble.Killed),
        ):
            ask(shop, operation, f"first-{name}", Invocation(operation, asked_before_it_dies=2))
        (made,) = (
            one["subject_id"]
            for one in shop.table.items()
            if one["SK"].startswith("CHANGE#") and one["type"] == "created" and one["subject_id"] not in samples.FILLED
            if one["subject_id"].startswith("cus_") is (name == "customer")
        )
        assert ask(shop, operation, f"first-{name}").body[name]["id"] == made
        assert ask(shop, operation, f"second-{name}").status == 400


@every_call
def test_partially_processed_batches_are_completed(shop: Client, operation: str) -> None:
    whole = None if operation in WRITES else ask(shop, operation)
    with trouble.partial_batches():
        answer = ask(shop, operation)
    assert answer.status == 200
    assert whole is None or answer.text == whole.text


@every_call
@pytest.mark.parametrize("key", [None, "key-4"])
def test_responds_before_the_gateway_times_out(
    shop: Client, operation: str, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        clock = Clock(patch)
        slowness = [
            clock.slow(2.9),
            clock.slow(3.0, trouble.unanswered),
            clock.slow(1.0, trouble.unreachable),
            clock.slow(2.9, trouble.throttled),
            clock.slow(2.9, trouble.conflicting),
            clock.slow(2.9, trouble.failing),
        ]
        for number, slow in enumerate(slowness):
            began = clock.now
            with trouble.trouble(lambda *_, slow=slow: slow):
                answer = ask(shop, operation, key and f"{key}-{number}")
            assert answer.status in (200, 429, 503) or operation in WRITES, answer.text
            assert answer.status < 500 or answer.headers["Retry-After"] == "1"
            assert clock.now - began < FUNCTION_LIMIT < GATEWAY_GIVES_UP_AFTER
    shop.table.check()


def test_reserves_time_to_store_the_response(shop: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many slow calls first. The last write and the call that stores the response need two attempts."""
    path = f"{GROUPS}/{VIP}/customers"
    body = {"remove": [f"cus_gone{number}" for number in range(500)]}
    with monkeypatch.context() as patch:
        clock = Clock(patch)
        began, slow = clock.now, clock.slow(2.8)
        late = [clock.slow(3.0, trouble.unreachable), clock.slow(2.9)]
        with trouble.trouble(lambda _, before: slow if before < 6 else late[before % 2]):
            request = event("POST", path, "", body, {"Idempotency-Key": "key-5"}, shop.claims)
            answer = handler("manage_group_customers")(request, Invocation("manage_group_customers"))
        assert answer["statusCode"] in (429, 503)
        assert clock.now - began < FUNCTION_LIMIT
