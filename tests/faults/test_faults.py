"""What DynamoDB and Lambda can do to a request: no acknowledged write is lost, none is doubled, none is half done."""

import tests.database  # noqa: F401 - before anything of `shared` is imported

# isort: split

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, Final, override

import pytest

from shared import keys
from shared.storage import customers, groups, memberships
from shared.storage import table as storage
from tests import database, template, trouble
from tests.api import Answer, Client, Context, event, handler
from tests.trouble import Clock, Trouble

GROUPS: Final = "/admin/customer-groups"
GATEWAY_GIVES_UP_AFTER: Final = 29.0
FUNCTION_LIMIT: Final = float(template.function_time_limit())

pytestmark = pytest.mark.skipif(database.IS_MOTO, reason="trouble is made on the way to dynoxide")

type Shop = dict[str, Any]
type Call = tuple[str, str, Any]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long: patience is the same, in smaller units."""
    monkeypatch.setattr(storage, "_PATIENCE_SECONDS", 0.3)
    pause = time.sleep
    monkeypatch.setattr("time.sleep", lambda seconds: pause(min(seconds, 0.01)))


@pytest.fixture
def shop(api: Client) -> Shop:  # noqa: ARG001 - it brings the table
    return open_shop()


def open_shop() -> Shop:
    """Two groups and two customers, one of whom is a VIP."""
    vip, retail = (groups.create(name, {"discount": 10}, "grace")["id"] for name in ("VIP", "Retail"))
    nothing = dict.fromkeys(("first_name", "last_name", "company_name", "phone", "metadata"))
    ada, bela = (
        customers.create({**nothing, "email": f"{name}@mail.example", "has_account": False}, "grace")["id"]
        for name in ("ada", "bela")
    )
    memberships.change_members(vip, [ada], [], "grace")
    return {"vip": vip, "retail": retail, "ada": ada, "bela": bela}


CALLS: Final[dict[str, Callable[[Shop], Call]]] = {
    "create_customer_group": lambda _: ("POST", GROUPS, {"name": "Wholesale"}),
    "list_customer_groups": lambda _: ("GET", f"{GROUPS}?q=vip", None),
    "get_customer_group": lambda shop: ("GET", f"{GROUPS}/{shop['vip']}?fields=*customers", None),
    "update_customer_group": lambda shop: ("POST", f"{GROUPS}/{shop['vip']}", {"name": "Very VIP"}),
    "replace_customer_group_metadata": lambda shop: (
        "PUT",
        f"{GROUPS}/{shop['vip']}/metadata",
        {"metadata": {"tier": "gold"}},
    ),
    "delete_customer_group": lambda shop: ("DELETE", f"{GROUPS}/{shop['vip']}", None),
    "manage_group_customers": lambda shop: (
        "POST",
        f"{GROUPS}/{shop['vip']}/customers",
        {"add": [shop["bela"]], "remove": [shop["ada"]]},
    ),
    "list_group_customers": lambda shop: ("GET", f"{GROUPS}/{shop['vip']}/customers", None),
    "create_customer": lambda _: ("POST", "/admin/customers", {"first_name": "Chiara"}),
    "list_customers": lambda shop: ("GET", f"/admin/customers?groups={shop['vip']}", None),
    "get_customer": lambda shop: ("GET", f"/admin/customers/{shop['ada']}?fields=*groups", None),
    "update_customer": lambda shop: ("POST", f"/admin/customers/{shop['ada']}", {"email": "ada@new.example"}),
    "delete_customer": lambda shop: ("DELETE", f"/admin/customers/{shop['ada']}", None),
    "manage_customer_groups": lambda shop: (
        "POST",
        f"/admin/customers/{shop['ada']}/customer-groups",
        {"add": [shop["retail"]], "remove": [shop["vip"]]},
    ),
    "list_customer_group_history": lambda shop: ("GET", f"{GROUPS}/{shop['vip']}/history", None),
}
every_call = pytest.mark.parametrize("operation", CALLS)
TROUBLES: Final = [
    trouble.throttled,
    trouble.conflicting,
    trouble.failing,
    trouble.unreachable,
    trouble.unanswered,
]


WRITES: Final = [operation for operation, call in CALLS.items() if call(defaultdict(str))[0] != "GET"]
every_write = pytest.mark.parametrize("operation", WRITES)


class Invocation(Context):
    """One invocation with the function's own time limit, and what is left of it when it is asked for the nth time."""

    def __init__(self, operation: str, *, asked_before_it_dies: int | None = None) -> None:
        super().__init__(operation)
        self._began = time.monotonic()
        self._asked = 0
        self._dies_at = asked_before_it_dies

    @override
    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        self._asked += 1
        if self._dies_at is not None and self._asked > self._dies_at:
            return 0
        return int((FUNCTION_LIMIT - (time.monotonic() - self._began)) * 1_000)


def ask(api: Client, operation: str, shop: Shop, key: str | None = None, context: Context | None = None) -> Answer:
    """Ask as a client does; unlike the tests' own client, bear a 503."""
    method, url, body = CALLS[operation](shop)
    path, _, query = url.partition("?")
    headers = {"Idempotency-Key": key} if key else {}
    request = event(method, path, query, body, headers, api.claims)
    raw = handler(operation)(request, context or Invocation(operation))
    headers = {name: ", ".join(values) for name, values in raw["multiValueHeaders"].items()}
    return Answer(raw["statusCode"], json.loads(raw["body"]), headers, raw["body"])


def told(api: Client) -> Counter[tuple[str, str]]:
    """What happened, by the changes: of what kind of record, and what."""
    return Counter((one["subject"], one["type"]) for one in api.table.items() if one["SK"].startswith("CHANGE#"))


def renewed(api: Client) -> Shop:
    """The same shop in an empty table."""
    storage.client.delete_table(TableName=api.table.name)
    storage.client.create_table(**template.table_definition(api.table.name))
    return open_shop()


@every_call
@pytest.mark.usefixtures("quick")
def test_trouble_that_lasts_is_told_with_when_to_come_again_and_leaves_nothing_half_done(
    api: Client, shop: Shop, operation: str
) -> None:
    before = api.table.contents()
    for one in TROUBLES:
        with trouble.trouble(lambda *_, one=one: one):
            answer = ask(api, operation, shop)
        assert answer.status in (429, 503), answer.text
        assert answer.headers["Retry-After"] == "1"
        assert answer.body["type"] in ("too_many_requests", "unexpected_state")
        if one is not trouble.unanswered:
            assert api.table.contents() == before
    api.table.check()


@every_call
@pytest.mark.usefixtures("quick")
def test_trouble_that_passes_is_not_noticed(api: Client, shop: Shop, operation: str) -> None:
    passing = [trouble.throttled, trouble.conflicting, trouble.failing]
    for _ in range(20):
        # The client pays for its retries from an allowance, which other tests use up and successes refill.
        storage.get(keys.group("nobody"))
    with trouble.trouble(lambda _, before: passing[before] if before < len(passing) else None) as plan:
        assert ask(api, operation, shop).status == 200
    assert plan.met == len(passing)


@every_write
@pytest.mark.usefixtures("quick")
def test_a_try_that_took_effect_unheard_is_not_done_again(api: Client, operation: str) -> None:
    """The next try is refused for a conflict, and the one after that gets through."""
    shop = renewed(api)
    assert ask(api, operation, shop).status == 200
    undisturbed = told(api)
    shop = renewed(api)
    course = iter([trouble.unanswered, trouble.conflicting])
    with trouble.trouble(lambda action, _: next(course, None) if action == "TransactWriteItems" else None) as plan:
        assert ask(api, operation, shop).status == 200
    assert plan.met == 2
    assert told(api) == undisturbed
    api.table.check()


@pytest.mark.parametrize("one", [trouble.unanswered, trouble.killed_before, trouble.killed_after])
@every_write
@pytest.mark.usefixtures("quick")
def test_a_request_with_a_key_is_carried_out_once_wherever_it_breaks_off(
    api: Client, operation: str, one: Trouble
) -> None:
    """Its client repeats it until it is answered. The trouble begins at each of the request's calls in turn."""
    shop = renewed(api)
    assert ask(api, operation, shop, "key-1").status == 200
    undisturbed = told(api)
    for place in range(20):
        shop = renewed(api)
        with trouble.trouble(lambda _, before, place=place: one if before >= place else None) as plan:  # type: ignore[misc]
            try:
                status = ask(api, operation, shop, "key-1", Invocation(operation, asked_before_it_dies=2)).status
                assert status == (503 if plan.met else 200)
            except trouble.Killed:
                pass
        again = ask(api, operation, shop, "key-1")
        is_gone = operation.startswith("delete_") and again.status == 404
        assert again.status == 200 or is_gone, f"place {place}: {again.text}"
        assert told(api) == undisturbed, f"place {place}"
        api.table.check()
        if not plan.met:
            return
    raise AssertionError("it never came to an end")


@pytest.mark.usefixtures("quick")
def test_who_asks_again_for_what_was_created_gets_the_very_same(api: Client, shop: Shop) -> None:
    for operation, name in (("create_customer_group", "customer_group"), ("create_customer", "customer")):
        with (
            trouble.trouble(lambda action, _: trouble.killed_after if action == "TransactWriteItems" else None),
            pytest.raises(trouble.Killed),
        ):
            ask(api, operation, shop, f"first-{name}", Invocation(operation, asked_before_it_dies=2))
        (made,) = (
            one["subject_id"]
            for one in api.table.items()
            if one["SK"].startswith("CHANGE#") and one["type"] == "created" and one["subject_id"] not in shop.values()
            if one["subject_id"].startswith("cus_") is (name == "customer")
        )
        assert ask(api, operation, shop, f"first-{name}").body[name]["id"] == made
        assert ask(api, operation, shop, f"second-{name}").status == (400 if name == "customer_group" else 200)


@every_call
def test_batches_that_are_answered_in_part_are_read_to_the_end(api: Client, shop: Shop, operation: str) -> None:
    whole = None if operation in WRITES else ask(api, operation, shop)
    with trouble.partial_batches():
        answer = ask(api, operation, shop)
    assert answer.status == 200
    assert whole is None or answer.text == whole.text


@every_call
@pytest.mark.parametrize("key", [None, "key-4"])
def test_answers_before_the_gateway_gives_up_however_slow_the_table_is(
    api: Client, shop: Shop, operation: str, key: str | None, monkeypatch: pytest.MonkeyPatch
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
                answer = ask(api, operation, shop, key and f"{key}-{number}")
            assert answer.status in (200, 429, 503) or operation in WRITES, answer.text
            assert answer.status < 500 or answer.headers["Retry-After"] == "1"
            assert clock.now - began < FUNCTION_LIMIT < GATEWAY_GIVES_UP_AFTER
    api.table.check()


def test_keeps_time_back_to_keep_the_answer(api: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many slow calls first, and the last ones, that of the work and that which keeps its answer, need two tries."""
    path = f"{GROUPS}/{shop['vip']}/customers"
    body = {"remove": [f"cus_gone{number}" for number in range(500)]}
    with monkeypatch.context() as patch:
        clock = Clock(patch)
        began, slow = clock.now, clock.slow(2.8)
        late = [clock.slow(3.0, trouble.unreachable), clock.slow(2.9)]
        with trouble.trouble(lambda _, before: slow if before < 6 else late[before % 2]):
            request = event("POST", path, "", body, {"Idempotency-Key": "key-5"}, api.claims)
            answer = handler("manage_group_customers")(request, Invocation("manage_group_customers"))
        assert answer["statusCode"] in (429, 503)
        assert clock.now - began < FUNCTION_LIMIT
