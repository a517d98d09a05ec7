"""Customers of other systems converge to their source's latest state, whatever the order and number of deliveries."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.storage import keys, sources
from shared.storage.state import State
from tests.api import Client
from tests.meddling import meddle_once

SHOP = "liqnic.storefront"
PROFILE = {"email": None, "first_name": None, "last_name": None, "company_name": None, "phone": None}

type SourceProfile = dict[str, Any] | None
"""A complete state of a customer at its source. None for a deleted customer."""

several_orders = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
states = st.lists(
    st.none()
    | st.fixed_dictionaries(
        {"first_name": st.sampled_from(["Ada", "Grace", None]), "has_account": st.booleans(), "phone": st.text("0123")}
    ),
    min_size=1,
    max_size=5,
)


def deliver(customer_id: str, state: SourceProfile, number: int) -> None:
    if state is None:
        sources.remove(customer_id, State(SHOP, number))
    else:
        sources.upsert(customer_id, PROFILE | state, State(SHOP, number))


def current_profile(api: Client, customer_id: str) -> SourceProfile:
    """The current state of the customer, in the form of its source."""
    stored = api.table.contents().get(keys.customer(customer_id))
    if stored is None or "deleted_at" in stored:
        return None
    return {name: stored[name] for name in ("first_name", "has_account", "phone")}


@several_orders
@given(data=st.data(), history=states)
def test_the_latest_state_wins(api: Client, data: st.DataObject, history: list[SourceProfile]) -> None:
    customer_id = f"shop-{uuid4()}"
    repeated = data.draw(st.lists(st.integers(0, len(history) - 1), max_size=4), "repeated")
    for number in data.draw(st.permutations([*range(len(history)), *repeated]), "order"):
        deliver(customer_id, history[number], number)
    assert current_profile(api, customer_id) == history[-1]
    api.table.check()


@several_orders
@given(data=st.data(), history=states)
def test_the_counts_of_groups_stay_exact(api: Client, data: st.DataObject, history: list[SourceProfile]) -> None:
    customer_id = f"shop-{uuid4()}"
    quiet = Client(api.table, watches_table=False)
    group = quiet.create_group(f"Group {customer_id}")
    for number in data.draw(st.permutations(range(len(history))), "order"):
        deliver(customer_id, history[number], number)
        quiet.post(f"/admin/customer-groups/{group['id']}/customers", {"add": [customer_id]})
        assert quiet.count_of(group) == (0 if current_profile(api, customer_id) is None else 1)
    api.table.check()


@pytest.mark.parametrize("earlier", [{"first_name": "Ada"}, {"first_name": "Grace"}, None], ids=str)
@pytest.mark.parametrize("later", [{"first_name": "Ada"}, {"first_name": "Zoë"}, None], ids=str)
@pytest.mark.parametrize("present", [{"first_name": "Ada"}, None, "unknown"], ids=str)
def test_a_later_state_that_is_applied_between_read_and_write_wins(
    api: Client, monkeypatch: pytest.MonkeyPatch, present: Any, earlier: SourceProfile, later: SourceProfile
) -> None:
    whole: dict[str, Any] = {"has_account": False, "phone": None}
    first, second = ({**whole, **one} if one else None for one in (earlier, later))
    if present != "unknown":
        deliver("shop-1", {**whole, **present} if present else None, 1)
    slipped_in = []

    def slip_in() -> None:
        slipped_in.append(second)
        deliver("shop-1", second, 3)

    meddle_once(monkeypatch, slip_in)
    deliver("shop-1", first, 2)
    if slipped_in:
        assert current_profile(api, "shop-1") == second


def test_the_tombstone_of_a_deleted_customer_is_kept_for_a_month(api: Client) -> None:
    deliver("shop-1", None, 7)
    tombstone = api.table.item(keys.customer("shop-1"))
    assert (tombstone["source"], tombstone["source_number"]) == (SHOP, 7)
    assert tombstone["expires_at"] > 29 * 24 * 3600
    assert not any(name in tombstone for name in ("email", "LIST", "search_text"))


def test_a_source_can_update_a_customer_created_here(api: Client) -> None:
    ada = api.create_customer("ada@mail.example", first_name="Ada")
    deliver(ada["id"], {"first_name": "Augusta", "has_account": True, "phone": "1"}, 0)
    shown = api.get(f"/admin/customers/{ada['id']}").customer
    assert (shown["first_name"], shown["created_by"]) == ("Augusta", ada["created_by"])


def test_a_later_state_without_differences_wins_too(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = api.create_customer(None, first_name="Ada", phone="1")
    known = {"first_name": "Ada", "has_account": False, "phone": "1"}
    meddle_once(
        monkeypatch, lambda: deliver(ada["id"], known, 2)
    )  # does not change the version, only the number of the state
    deliver(ada["id"], known | {"first_name": "Grace"}, 1)
    assert current_profile(api, ada["id"]) == known


def test_an_update_of_a_contended_customer_is_retried(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver("shop-1", {"first_name": "Ada", "has_account": False, "phone": ""}, 1)
    meddle_once(monkeypatch, lambda: api.post("/admin/customers/shop-1", {"last_name": "Lovelace"}))
    deliver("shop-1", {"first_name": "Grace", "has_account": False, "phone": ""}, 2)
    assert api.table.item(keys.customer("shop-1"))["first_name"] == "Grace"
