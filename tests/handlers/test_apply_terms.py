"""Memberships that begin or end at a set time, without anybody's doing."""

from typing import Any

import pytest

from shared.domain.errors import TooManyRequests
from shared.dynamodb.expressions import Item
from shared.storage import due_terms, keys, memberships, purge, terms
from shared.storage.membership_steps import Request, Step
from tests.afterwards import HurriedContext
from tests.api import Answer, Client, Context, handler, invoke
from tests.clocks import Clock

GROUPS = "/admin/customer-groups"
ORDERS = ("created_at", "-created_at", "email", "-last_name", "updated_at", "has_account")


@pytest.fixture
def trial(api: Client) -> dict[str, Any]:
    return api.create_group("Trial", {"discount_percent": 20})


@pytest.fixture
def ada(api: Client) -> dict[str, Any]:
    return api.create_customer("ada.lovelace@mail.example", first_name="Ada", last_name="Lovelace")


@pytest.fixture
def grace(api: Client) -> dict[str, Any]:
    return api.create_customer("grace.hopper@navy.example", first_name="Grace", last_name="Hopper")


def add(api: Client, group: dict[str, Any], *members: Any) -> Answer:
    return api.post(f"{GROUPS}/{group['id']}/customers", {"add": list(members)})


def members(api: Client, group: dict[str, Any], query: str = "") -> tuple[list[str], int]:
    """The ids of a list of members, and its count, on both routes."""
    answers = [
        api.get(f"{path}limit=50&{query}").body
        for path in (f"{GROUPS}/{group['id']}/customers?", f"/admin/customers?groups={group['id']}&")
    ]
    assert answers[0]["customers"] == answers[1]["customers"]
    assert answers[0]["count"] == answers[1]["count"]
    return [one["id"] for one in answers[0]["customers"]], answers[0]["count"]


def priced(customer: dict[str, Any]) -> set[str]:
    """The names of the groups that pricing sees."""
    return {group["name"] for group in invoke("resolve_customer_groups", customer_id=customer["id"])["groups"]}


def apply_terms() -> int:
    """What the schedule does every minute."""
    applied: int = handler("apply_terms")({}, Context("apply_terms"))["applied"]
    return applied


def assert_everywhere(api: Client, group: dict[str, Any], customers: list[dict[str, Any]], others: Any = ()) -> None:
    """Assert that exactly these customers are in the group, for every kind of request."""
    ids = [one["id"] for one in customers]
    for order in ORDERS:
        found, count = members(api, group, f"order={order}")
        assert (sorted(found), count) == (sorted(ids), len(ids)), order
    assert api.count_of(group) == len(ids)
    listed = api.get(f"{GROUPS}?limit=50").body["customer_groups"]
    assert {one["id"]: one["customer_count"] for one in listed}[group["id"]] == len(ids)
    for one in (*customers, *others):
        belongs = one["id"] in ids
        assert (group["name"] in priced(one)) is belongs
        assert (group["name"] in api.groups_of(one)) is belongs
        related = api.get(f"{GROUPS}?customers={one['id']}").body
        assert ([each["id"] for each in related["customer_groups"]], related["count"]) == (
            ([group["id"]], 1) if belongs else ([], 0)
        )


def history(api: Client, group: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """The changes of members, the oldest first: what, by whom and why."""
    changes = api.get(f"{GROUPS}/{group['id']}/history?limit=50").body["changes"]
    return [(one["type"], one["actor"], one["reason"]) for one in reversed(changes) if one["type"] != "created"]


def test_a_membership_ends_at_its_moment(api: Client, trial: Any, ada: Any, grace: Any, watch: Clock) -> None:
    added = add(api, trial, {"id": ada["id"], "ends_at": watch.later(days=14)}, grace["id"])
    assert added.body["added"] == [ada["id"], grace["id"]]
    watch.pass_(days=13, hours=23, minutes=59, seconds=59, milliseconds=999)
    assert_everywhere(api, trial, [ada, grace])
    watch.pass_(milliseconds=1)
    assert_everywhere(api, trial, [grace], [ada])  # before the schedule has run
    assert apply_terms() == 1
    assert_everywhere(api, trial, [grace], [ada])
    assert history(api, trial)[1:] == [("customers_removed", "terms", {"type": "term", "id": "expired"})]
    assert apply_terms() == 0


def test_a_membership_begins_at_its_moment(api: Client, trial: Any, ada: Any, grace: Any, watch: Clock) -> None:
    add(api, trial, grace["id"], {"id": ada["id"], "starts_at": watch.later(hours=1), "ends_at": watch.later(hours=2)})
    assert_everywhere(api, trial, [grace], [ada])
    watch.pass_(hours=1)
    assert_everywhere(api, trial, [ada, grace])  # before the schedule has run
    assert apply_terms() == 1
    assert_everywhere(api, trial, [ada, grace])
    watch.pass_(hours=1)
    assert_everywhere(api, trial, [grace], [ada])
    assert apply_terms() == 1
    assert_everywhere(api, trial, [grace], [ada])
    assert [(what, reason) for what, _, reason in history(api, trial)[2:]] == [
        ("customers_added", {"type": "term", "id": "started"}),
        ("customers_removed", {"type": "term", "id": "expired"}),
    ]


def test_nobody_joins_by_a_membership_that_begins_and_ends_between_two_runs(
    api: Client, trial: Any, ada: Any, watch: Clock
) -> None:
    add(api, trial, {"id": ada["id"], "starts_at": watch.later(seconds=10), "ends_at": watch.later(seconds=20)})
    watch.pass_(minutes=1)
    assert_everywhere(api, trial, [], [ada])
    assert apply_terms() == 1
    assert_everywhere(api, trial, [], [ada])
    assert history(api, trial) == [
        ("terms_changed", api.claims["sub"], None),
        ("terms_changed", "terms", {"type": "term", "id": "expired"}),
    ]


def test_scheduled_members_can_be_listed(api: Client, trial: Any, ada: Any, grace: Any, watch: Clock) -> None:
    begin, end = watch.later(days=1), watch.later(days=30)
    add(api, trial, {"id": ada["id"], "starts_at": begin, "ends_at": end}, grace["id"])
    assert members(api, trial, "membership=scheduled") == ([ada["id"]], 1)
    assert members(api, trial, "membership=active") == ([grace["id"]], 1)
    assert members(api, trial, "membership=all&order=email") == ([ada["id"], grace["id"]], 2)
    assert members(api, trial, "membership=scheduled&q=lovelace") == ([ada["id"]], 1)
    assert members(api, trial, "membership=scheduled&q=hopper") == ([], 0)
    shown = api.get(f"{GROUPS}/{trial['id']}/customers?membership=all&fields=id,membership").body["customers"]
    assert {one["id"]: one["membership"] for one in shown} == {
        ada["id"]: {
            "added_at": watch.now(),
            "added_by": api.claims["sub"],
            "starts_at": begin,
            "ends_at": end,
            "source": "manual",
        },
        grace["id"]: {
            "added_at": watch.now(),
            "added_by": api.claims["sub"],
            "starts_at": None,
            "ends_at": None,
            "source": "manual",
        },
    }


def test_adding_a_member_with_other_terms_changes_them(api: Client, trial: Any, ada: Any, watch: Clock) -> None:
    add(api, trial, ada["id"])
    with_end = {"id": ada["id"], "ends_at": watch.later(days=7)}
    for expected in ("changed", "unchanged"):
        assert add(api, trial, with_end).body[expected] == [ada["id"]]
    assert add(api, trial, ada["id"]).body["unchanged"] == [ada["id"]]  # a plain id leaves the end as it is
    assert add(api, trial, {"id": ada["id"], "ends_at": watch.later(days=9)}).body["changed"] == [ada["id"]]
    watch.pass_(days=8)
    assert (apply_terms(), api.count_of(trial)) == (0, 1)
    assert add(api, trial, {"id": ada["id"]}).body["changed"] == [ada["id"]]  # without an end
    watch.pass_(days=8)
    assert (apply_terms(), api.count_of(trial)) == (0, 1)
    assert [what for what, _, _ in history(api, trial)] == ["customers_added", *["terms_changed"] * 3]


def test_adding_a_scheduled_member_begins_the_membership(api: Client, trial: Any, ada: Any, watch: Clock) -> None:
    add(api, trial, {"id": ada["id"], "starts_at": watch.later(days=7), "ends_at": watch.later(days=9)})
    assert add(api, trial, ada["id"]).body["added"] == [ada["id"]]
    assert_everywhere(api, trial, [ada])
    watch.pass_(days=9)
    assert_everywhere(api, trial, [], [ada])
    assert apply_terms() == 1


def test_a_member_whose_time_is_over_can_be_added_again(api: Client, trial: Any, ada: Any, watch: Clock) -> None:
    add(api, trial, {"id": ada["id"], "ends_at": watch.later(days=1)})
    watch.pass_(days=1)
    assert add(api, trial, ada["id"]).body["added"] == [ada["id"]]
    assert_everywhere(api, trial, [ada])
    assert (apply_terms(), api.count_of(trial)) == (0, 1)
    assert [what for what, _, _ in history(api, trial)] == ["customers_added", "customers_removed", "customers_added"]


@pytest.mark.parametrize("begun", [False, True])
def test_memberships_with_terms_can_be_removed(api: Client, trial: Any, ada: Any, watch: Clock, *, begun: bool) -> None:
    starts_at = None if begun else watch.later(hours=1)
    add(api, trial, {"id": ada["id"], "starts_at": starts_at, "ends_at": watch.later(days=1)})
    removed = api.post(f"{GROUPS}/{trial['id']}/customers", {"remove": [ada["id"]]})
    assert (removed.body["removed"], removed.group["customer_count"]) == ([ada["id"]], 0)
    watch.pass_(days=2)
    assert (apply_terms(), members(api, trial, "membership=all")) == (0, ([], 0))
    expected = ["customers_added", "customers_removed"] if begun else ["terms_changed", "terms_changed"]
    assert [what for what, _, _ in history(api, trial)] == expected


@pytest.mark.parametrize("begun", [False, True])
def test_a_deleted_customer_leaves_no_term(api: Client, trial: Any, ada: Any, watch: Clock, *, begun: bool) -> None:
    starts_at = None if begun else watch.later(hours=1)
    add(api, trial, {"id": ada["id"], "starts_at": starts_at, "ends_at": watch.later(days=1)})
    assert api.delete(f"/admin/customers/{ada['id']}").status == 200
    assert api.count_of(trial) == 0
    watch.pass_(days=2)
    assert (apply_terms(), members(api, trial, "membership=all")) == (0, ([], 0))


def test_a_customer_gets_groups_with_terms(api: Client, trial: Any, ada: Any, watch: Clock) -> None:
    body = {"add": [{"id": trial["id"], "ends_at": watch.later(days=1)}]}
    assert api.post(f"/admin/customers/{ada['id']}/customer-groups", body).status == 200
    assert_everywhere(api, trial, [ada])
    watch.pass_(days=1)
    assert_everywhere(api, trial, [], [ada])


def test_hundreds_end_in_the_same_minute(api: Client, trial: Any, watch: Clock) -> None:
    everyone = [api.create_customer(f"member{number}@mail.example") for number in range(120)]
    sale_ends = watch.later(days=1)
    add(api, trial, *({"id": one["id"], "ends_at": sale_ends} for one in everyone[:100]), everyone[100]["id"])
    watch.pass_(days=1)
    assert members(api, trial) == ([everyone[100]["id"]], 1)
    hurried = handler("apply_terms")({}, HurriedContext("apply_terms", slices=2))
    assert hurried == {"applied": 38}
    assert members(api, trial) == ([everyone[100]["id"]], 1)
    assert apply_terms() == 62
    assert members(api, trial) == ([everyone[100]["id"]], 1)
    assert api.count_of(trial) == 1


def test_many_members_with_terms_can_be_removed_at_once(api: Client, trial: Any, watch: Clock) -> None:
    everyone = [api.create_customer(f"member{number}@mail.example")["id"] for number in range(60)]
    add(api, trial, *({"id": one, "ends_at": watch.later(days=1)} for one in everyone))
    removed = api.post(f"{GROUPS}/{trial['id']}/customers", {"remove": everyone})
    assert (len(removed.body["removed"]), removed.group["customer_count"]) == (60, 0)


@pytest.mark.parametrize("path", ["", "/{id}"])
def test_the_counts_of_a_customers_groups_are_those_of_the_moment(
    api: Client, trial: Any, ada: Any, grace: Any, watch: Clock, path: str
) -> None:
    vip = api.create_group("VIP")
    add(api, trial, {"id": grace["id"], "ends_at": watch.later(days=1)}, ada["id"])
    add(api, vip, {"id": grace["id"], "starts_at": watch.later(days=1)}, ada["id"])

    def counts(fields: str) -> dict[str, Any]:
        answer = api.get(f"/admin/customers{path.format(id=ada['id'])}?fields={fields}").body
        (found,) = [answer["customer"]] if path else [one for one in answer["customers"] if one["id"] == ada["id"]]
        return {group.get("name"): group.get("customer_count") for group in found["groups"]}

    assert counts("id,*groups") == {"Trial": 2, "VIP": 1}
    watch.pass_(days=1)
    assert counts("id,*groups") == {"Trial": 1, "VIP": 2}
    assert apply_terms() == 2
    assert counts("id,*groups") == {"Trial": 1, "VIP": 2}


def test_a_customer_can_leave_many_groups_with_terms_at_once(api: Client, ada: Any, watch: Clock) -> None:
    made = [api.create_group(f"Trial {number}")["id"] for number in range(40)]
    path = f"/admin/customers/{ada['id']}/customer-groups"
    add = [{"id": one, "ends_at": watch.later(days=1)} for one in made]
    assert api.post(path, {"add": add}).status == 200
    assert len(api.groups_of(ada)) == 40
    assert api.post(path, {"remove": made}).status == 200
    assert api.groups_of(ada) == set()


def test_the_etag_changes_at_the_moment(api: Client, trial: Any, ada: Any, watch: Clock) -> None:
    add(api, trial, {"id": ada["id"], "ends_at": watch.later(days=1)})
    before = api.get(f"{GROUPS}/{trial['id']}").etag
    watch.pass_(days=1)
    answer = api.get(f"{GROUPS}/{trial['id']}", **{"If-None-Match": before})
    assert (answer.status, answer.group["customer_count"]) == (200, 0)


@pytest.mark.parametrize(
    ("terms", "path", "message"),
    [
        ({"ends_at": "2020-01-01"}, "add.0.ends_at", "must be in the future"),
        ({"starts_at": "2999-02-01", "ends_at": "2999-01-01"}, "add.0.ends_at", "must be after starts_at"),
        ({"starts_at": "2999-02-01", "ends_at": "2999-02-01"}, "add.0.ends_at", "must be after starts_at"),
        ({"starts_at": "soon"}, "add.0.starts_at", "must be a date and time in ISO 8601"),
        ({"starts_at": 7}, "add.0.starts_at", "Input should be a valid string"),
        ({"until": "2999-01-01"}, "add.0.until", ""),
    ],
)
def test_refuses_impossible_terms(api: Client, trial: Any, ada: Any, terms: Any, path: str, message: str) -> None:
    before = api.table.contents()
    answer = add(api, trial, {"id": ada["id"], **terms})
    assert answer.status == 400
    assert path.rpartition(".")[2] in answer.message
    assert message in answer.message
    if message:
        assert answer.faults == {path}
    assert api.table.contents() == before


def test_a_beginning_in_the_past_is_now(api: Client, trial: Any, ada: Any) -> None:
    assert add(api, trial, {"id": ada["id"], "starts_at": "2020-01-01T00:00:00Z"}).body["added"] == [ada["id"]]
    assert_everywhere(api, trial, [ada])


def test_a_rule_is_refused_while_memberships_have_terms(api: Client, trial: Any, ada: Any, watch: Clock) -> None:
    rule = {"rule": {"combinator": "and", "rules": [{"field": "email", "operator": "notNull", "value": None}]}}
    add(api, trial, {"id": ada["id"], "ends_at": watch.later(days=1)})
    refused = api.post(f"{GROUPS}/{trial['id']}", rule)
    assert (refused.status, refused.faults) == (400, {"rule"})
    add(api, trial, {"id": ada["id"]})
    assert api.post(f"{GROUPS}/{trial['id']}", rule).status == 200
    assert add(api, trial, {"id": ada["id"], "ends_at": watch.later(days=1)}).status == 400


def test_a_group_that_fails_does_not_hold_up_others(
    api: Client, trial: Any, ada: Any, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    vip = api.create_group("VIP")
    for group, minutes in ((trial, 1), (vip, 2)):
        add(api, group, {"id": ada["id"], "ends_at": watch.later(minutes=minutes)})
    watch.pass_(minutes=2)
    carry_out = memberships.carry_out

    def contended(request: Request, steps: list[Step]) -> list[Step]:
        if any(step.group_id == trial["id"] for step in steps):
            raise TooManyRequests("contended")
        return carry_out(request, steps)

    with monkeypatch.context() as contending:
        contending.setattr(memberships, "carry_out", contended)
        with pytest.raises(TooManyRequests):  # counts as an error of the function, which has an alarm
            apply_terms()
    assert [one[0] for one in history(api, vip)] == ["customers_added", "customers_removed"]
    assert [one[0] for one in history(api, trial)] == ["customers_added"]
    assert apply_terms() == 1


def test_groups_take_turns_until_the_time_is_used_up(
    api: Client, trial: Any, ada: Any, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_terms, "BATCHES_PER_TURN", 1)
    vip = api.create_group("VIP")
    everyone = [api.create_customer(f"member{number}@mail.example") for number in range(45)]
    add(api, trial, *({"id": one["id"], "ends_at": watch.later(minutes=1)} for one in everyone))
    add(api, vip, {"id": ada["id"], "ends_at": watch.later(minutes=2)})
    watch.pass_(minutes=2)
    # Before and after the first group's turn, and before the other's.
    assert handler("apply_terms")({}, HurriedContext("apply_terms", slices=3)) == {"applied": 19 + 1}
    assert [one[0] for one in history(api, vip)] == ["customers_added", "customers_removed"]
    assert apply_terms() == 45 - 19
    assert (api.count_of(trial), api.count_of(vip), apply_terms()) == (0, 0, 0)


def test_readers_are_answered_while_many_memberships_end(
    api: Client, trial: Any, ada: Any, grace: Any, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count is never the same before and after the terms are read."""
    api = Client(api.table, watches_table=False)
    other = api.create_customer("other@mail.example")
    add(api, trial, {"id": ada["id"], "ends_at": watch.later(days=1)}, grace["id"])
    watch.pass_(days=1)
    due, is_there = terms.due, False

    def read_and_write(*args: Any) -> list[Item]:
        nonlocal is_there
        found = list(due(*args))
        joins, leaves = ([], [other["id"]]) if is_there else ([other["id"]], [])
        memberships.change_members(trial["id"], joins, leaves, "ada")
        is_there = not is_there
        return found

    monkeypatch.setattr(terms, "due", read_and_write)
    group = f"{GROUPS}/{trial['id']}"
    listed = api.get(f"{group}/customers")
    assert grace["id"] in [one["id"] for one in listed.body["customers"]]
    assert ada["id"] not in [one["id"] for one in listed.body["customers"]]
    counts = [
        listed.body["count"],
        api.get(group).group["customer_count"],
        api.get(GROUPS).body["customer_groups"][0]["customer_count"],
        api.post(f"{group}/customers", {"remove": ["cus_nobody"]}).group["customer_count"],
    ]
    assert set(counts) <= {1, 2}


def test_of_very_many_memberships_that_end_the_first_are_counted(
    api: Client, trial: Any, grace: Any, watch: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "MAX_COUNTED", 10)
    everyone = [api.create_customer(f"member{number}@mail.example") for number in range(25)]
    add(api, trial, grace["id"], *({"id": one["id"], "ends_at": watch.later(days=1)} for one in everyone))
    watch.pass_(days=1)
    assert members(api, trial) == ([grace["id"]], 26 - 10)
    assert api.count_of(trial) == 26 - 10
    assert apply_terms() == 25
    assert members(api, trial) == ([grace["id"]], 1)
    assert api.count_of(trial) == 1


def test_scheduled_members_of_a_deleted_group_have_not_left_it(
    api: Client, trial: Any, ada: Any, grace: Any, watch: Clock
) -> None:
    add(api, trial, {"id": ada["id"], "starts_at": watch.later(days=1)}, grace["id"])
    assert api.delete(f"{GROUPS}/{trial['id']}").status == 200
    assert purge.purge_group(trial["id"], lambda: True)
    moves = [(item["PK"], item["type"]) for item in api.table.items() if str(item["SK"]).startswith(keys.MOVE_PREFIX)]
    assert moves == [(keys.customer(grace["id"]).PK, "left")]
    assert not [key for key in api.table.contents() if key.SK.startswith((keys.TERM_PREFIX, keys.MEMBERSHIP_PREFIX))]


def test_a_deleted_groups_terms_do_not_hold_up_others(api: Client, trial: Any, ada: Any, watch: Clock) -> None:
    vip = api.create_group("VIP")
    for group in (trial, vip):
        add(api, group, {"id": ada["id"], "ends_at": watch.later(days=1)})
    assert api.delete(f"{GROUPS}/{trial['id']}").status == 200
    watch.pass_(days=1)
    assert apply_terms() == 1
    assert (api.count_of(vip), priced(ada)) == (0, set())
