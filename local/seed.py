"""Demo data: the customers and groups of a shop, the same every time.

It is created through the API, with an idempotency key for each request, so it can be repeated after an interruption.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx

from local.problems import LocalProblem
from local.progress import step

CUSTOMERS: Final = 200
# Few, because the local cloud starts a process for each concurrent request of an operation.
THREADS: Final = 3

type Body = dict[str, Any]


class Group(NamedTuple):
    """A demo group. Its members are a `share` of all customers, or the companies."""

    name: str
    share: float
    metadata: Body | None


GROUPS: Final = (
    Group("VIP", 0.1, {"discount_percent": 10}),
    Group("Wholesale", 0.15, {"bulk_price": {"from_quantity": 50, "discount_percent": 25}, "payment_days": 30}),
    Group("Employees", 0.06, {"discount_percent": 30, "needs_badge": True}),
    Group("Newsletter", 0.55, {"list_id": "52"}),
    Group("Birthday Club", 0.3, {"gift": "voucher", "value": 5}),
    Group("Early Access", 0.12, {"hours_before": 24}),
    Group("Students", 0.18, {"discount_percent": 12.5, "proof": "university e-mail"}),
    Group("Berlin Store", 0.2, {"store": "BER-1"}),
    Group("Press & Partners", 0.04, {"contact": "press@liqnic.example"}),
    Group("Returning after a year", 0.08, {"campaign": "we-missed-you", "free_shipping": True}),
    Group("Café subscribers", 0.1, {"roasts": ["espresso", "filter"], "every_weeks": 4}),
    Group("Pilot: same-day delivery", 0.0, None),
)
FIRST_NAMES: Final = """
    Anna Amara Aylin Björn Carlos Chiara Daniel Elif Emma Farid Finn Giulia Hanna Hugo Ines Ivan Jonas Jürgen
    Kaito Lena Leo Linh Luca Malik Maja Mateo Mei Mila Nadia Noah Nora Olga Oscar Paula Priya Rosa Samir Sofia
    Søren Theo Tomás Uma Vera Victor Wanda Xavier Yara Yusuf Zoe Zofia
""".split()  # noqa: SIM905 - shorter than a list of strings
LAST_NAMES: Final = """
    Ahmed Andersen Bauer Becker Bianchi Castillo Chen Cohen Costa Da-Silva Diallo Dubois Eriksson Fischer García
    Gupta Haddad Hansen Hoffmann Ivanova Jansen Kaya Kim Kowalski Lindqvist Lopez Marino Müller Murphy Nakamura
    Nguyen Novák O'Brien Okafor Papadopoulos Petrov Rossi Santos Schmidt Silva Tanaka Türkmen Vargas Wagner Weber
    Yilmaz
""".split()  # noqa: SIM905 - shorter than a list of strings
COMPANIES: Final = (
    "Nordwind Logistik",
    "Hafen & Söhne",
    "Blue Bottle Traders",
    "Kiosk am Eck",
    "Osteria Sole",
    "Grünwerk",
    "Atlas Office Supply",
    "Maison Perrin",
    "Tallinn Retail",
    "Copper Pot Catering",
)


def create(api_url: str, token: str, done: Path) -> None:
    """Create the demo data, unless the file `done` exists, which is written at the end."""
    if done.exists():
        return
    with (
        step(f"Creating {CUSTOMERS} customers in {len(GROUPS)} groups"),
        httpx.Client(
            base_url=api_url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False
        ) as api,
    ):
        if _is_empty(api):
            _create(api)
    done.parent.mkdir(parents=True, exist_ok=True)
    done.touch()


def _is_empty(api: httpx.Client) -> bool:
    """Whether there are no groups. Groups are created last, so an interrupted run is repeated."""
    answer = api.get("/admin/customer-groups", params={"limit": 1})
    _check(answer)
    return bool(answer.json()["count"] == 0)


def _create(api: httpx.Client) -> None:
    customers = demo_customers()
    with ThreadPoolExecutor(THREADS) as several:
        created = several.map(
            lambda body: _post(api, "/admin/customers", body, f"seed-{body['email']}")["customer"], customers
        )
        ids = [customer["id"] for customer in created]
    members = [(group, _members(group, customers, ids)) for group in GROUPS]
    made = [_post(api, "/admin/customer-groups", _body(group), f"seed-{group.name}") for group in GROUPS]
    for (group, chosen), answer in zip(members, made, strict=True):
        if chosen:
            path = f"/admin/customer-groups/{answer['customer_group']['id']}/customers"
            _post(api, path, {"add": chosen}, f"seed-members-{group.name}")


def demo_customers() -> list[Body]:
    """200 customers. Every seventh buys for a company."""
    rng = random.Random("customers")
    people = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    return [
        {
            "email": f"{_plain(first)}.{_plain(last)}@{'work' if number % 7 == 0 else 'mail'}.example",
            "first_name": first,
            "last_name": last,
            "company_name": rng.choice(COMPANIES) if number % 7 == 0 else None,
            "phone": f"+49 30 {rng.randrange(10**6, 10**7)}" if rng.random() < 0.6 else None,  # noqa: PLR2004 - a share of the demo customers
            "has_account": rng.random() < 0.7,  # noqa: PLR2004 - a share of the demo customers
        }
        for number, (first, last) in enumerate(rng.sample(people, CUSTOMERS))
    ]


def _members(group: Group, customers: list[Body], ids: list[str]) -> list[str]:
    if group.name == "Wholesale":
        return [id_ for id_, customer in zip(ids, customers, strict=True) if customer["company_name"]]
    return random.Random(group.name).sample(ids, round(group.share * len(ids)))


def _body(group: Group) -> Body:
    return {"name": group.name} | ({"metadata": group.metadata} if group.metadata else {})


def _plain(name: str) -> str:
    """The name in the ASCII form that is used in addresses."""
    spelled = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "o", "á": "a", "í": "i", "'": "", "-": ""}
    return "".join(spelled.get(letter, letter) for letter in name.lower())


def _post(api: httpx.Client, path: str, body: Body, key: str) -> Body:
    # Header values are ASCII. A key only has to be the same every time.
    headers = {"Idempotency-Key": "".join(letter for letter in key if letter.isascii() and letter.isprintable())}
    answer = api.post(path, json=body, headers=headers)
    _check(answer)
    parsed: Body = answer.json()
    return parsed


def _check(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise LocalProblem(f"The demo data was refused: {answer.request.url.path} returned {answer.text}")
