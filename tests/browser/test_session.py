"""Sign-in, sign-out, expired sessions, and permissions of roles."""

import base64
import hmac
import json
import re
import time
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from local.stack import Stack
from local.users import new_password
from tests.browser.axe import findings
from tests.browser.conftest import OpenPage, Person, sign_in
from tests.stack import Post

# As if both tokens had expired while the page was open.
EXPIRE = """() => {
  for (const [key, token] of Object.entries(sessionStorage)) {
    if (key.endsWith('.refreshToken')) sessionStorage.setItem(key, 'gone')
    if (key.endsWith('.accessToken') || key.endsWith('.idToken')) {
      const [head, , signature] = token.split('.')
      const claims = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')))
      const past = btoa(JSON.stringify({ ...claims, exp: 1 }))
      sessionStorage.setItem(key, [head, past, signature].join('.'))
    }
  }
}"""
# As if the tab had been idle for longer than the access token is valid.
IDLE = EXPIRE.replace("sessionStorage.setItem(key, 'gone')", "null")


def test_sign_in_returns_to_the_requested_page(open_page: OpenPage, new_person: Callable[[str], Person]) -> None:
    page = open_page(None)
    page.goto("/customers?q=ada&order=email")
    sign_in(page, new_person("viewer"))
    expect(page).to_have_url(re.compile(r"/customers\?q=ada&order=email$"))
    expect(page.get_by_label("Search customers")).to_have_value("ada")


def test_a_wrong_password_shows_an_error_and_keeps_the_email(open_page: OpenPage) -> None:
    page = open_page(None)
    page.goto("/sign-in")
    sign_in(page, ("ada@liqnic.example", "wrong"))
    password = page.get_by_label("Password", exact=True)
    expect(password).to_be_focused()
    expect(password).to_have_accessible_description("Wrong email or password.")
    expect(page.get_by_label("Email")).to_have_value("ada@liqnic.example")


def test_the_first_field_has_the_focus(open_page: OpenPage) -> None:
    page = open_page(None)
    page.goto("/")
    expect(page.get_by_label("Email")).to_be_focused()


def test_a_forgotten_password_can_be_reset_with_a_code(
    open_page: OpenPage, new_person: Callable[[str], Person]
) -> None:
    email, _ = new_person("viewer")
    page, own = open_page(None), new_password()
    page.goto("/")
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Forgot password?").click()
    page.get_by_label("Email").fill(email)
    assert findings(page) == []
    page.get_by_role("button", name="Send the code").click()
    # The fixed code of the local user pool.
    page.get_by_label("Code").fill("654 321")
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("Repeat the new password").fill("short")
    page.get_by_role("button", name="Continue").click()
    refused = page.get_by_label("New password", exact=True)
    expect(refused).to_have_accessible_description(re.compile("password", re.IGNORECASE))
    page.get_by_label("New password", exact=True).fill(own)
    page.get_by_label("Repeat the new password").fill(own)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()


def test_the_code_of_an_authenticator_app_is_requested(
    open_page: OpenPage, stack: Stack, new_person: Callable[[str], Person]
) -> None:
    email, password = new_person("viewer")
    cognito = stack.cloud.client("cognito-idp")
    token = stack.users.access_token(email, password)
    secret = cognito.associate_software_token(AccessToken=token)["SecretCode"]
    cognito.verify_software_token(AccessToken=token, UserCode=totp(secret))
    preference = {"Enabled": True, "PreferredMfa": True}
    cognito.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=preference)
    page = open_page(None)
    page.goto("/")
    sign_in(page, (email, password))
    expect(page.get_by_label("Code")).to_be_focused()
    enter_codes(page, secret)


def test_an_authenticator_app_is_set_up_where_the_pool_demands_one(
    open_page: OpenPage, new_person: Callable[[str], Person]
) -> None:
    """The local pool answers all of this but never demands it, so one of its answers is replaced."""
    person = new_person("viewer")
    page = open_page(None)
    page.route("**/cognito/**", _demand_authenticator_app)
    page.goto("/")
    sign_in(page, person)
    expect(page.get_by_role("img", name="The key for your authenticator app")).to_be_visible()
    assert findings(page) == []
    secret = page.locator("code").inner_text().replace(" ", "")
    link = page.get_by_role("link", name="Open the authenticator app").get_attribute("href")
    assert link == f"otpauth://totp/Liqnic:{person[0]}?secret={secret}&issuer=Liqnic"
    enter_codes(page, secret)


def enter_codes(page: Page, secret: str) -> None:
    """Enter a wrong code, and then the right one."""
    code = page.get_by_label("Code")
    code.fill("000000" if totp(secret) != "000000" else "000001")
    page.get_by_role("button", name="Continue").click()
    expect(code).to_have_accessible_description("That code is not right.")
    code.fill(totp(secret))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()


def _demand_authenticator_app(route: Route) -> None:
    answer = route.fetch()
    if "PASSWORD_VERIFIER" not in (route.request.post_data or ""):
        route.fulfill(response=answer)
        return
    kinds = json.dumps(["SOFTWARE_TOKEN_MFA"])
    demand = {"ChallengeName": "MFA_SETUP", "Session": "s" * 20, "ChallengeParameters": {"MFAS_CAN_SETUP": kinds}}
    route.fulfill(response=answer, json=demand)


def totp(secret: str) -> str:
    """The current code of an authenticator app (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, int(time.time() // 30).to_bytes(8), "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def test_the_first_sign_in_requires_a_new_password(open_page: OpenPage, stack: Stack, unique: str) -> None:
    email, temporary, own = f"new.{unique}@liqnic.example", new_password(), new_password()
    cognito = stack.cloud.client("cognito-idp")
    cognito.admin_create_user(
        UserPoolId=stack.user_pool_id,
        Username=email,
        MessageAction="SUPPRESS",
        TemporaryPassword=temporary,
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
    )
    cognito.admin_add_user_to_group(UserPoolId=stack.user_pool_id, Username=email, GroupName="editor")
    page = open_page(None)
    page.goto("/")
    sign_in(page, (email, temporary))
    page.get_by_label("New password", exact=True).fill(own)
    page.get_by_label("Repeat the new password").fill("something else")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("The two passwords are not the same.")).to_be_visible()
    page.get_by_label("Repeat the new password").fill(own)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()


def test_signing_out_deletes_all_tokens(open_page: OpenPage, new_person: Callable[[str], Person]) -> None:
    page = open_page(None)
    person = new_person("viewer")
    page.goto("/")
    sign_in(page, person)
    page.get_by_role("button", name=person[0]).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Token" not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")


def test_tokens_are_deleted_with_the_tab(open_page: OpenPage, new_person: Callable[[str], Person]) -> None:
    page = open_page(None)
    page.goto("/")
    sign_in(page, new_person("viewer"))
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()
    assert "refreshToken" in page.evaluate("JSON.stringify(sessionStorage)")
    assert page.evaluate("JSON.stringify({...localStorage}) + document.cookie") == "{}"


def test_a_new_tab_goes_on_with_the_session_of_an_open_one(
    open_page: OpenPage, new_person: Callable[[str], Person]
) -> None:
    page = open_page(None)
    page.goto("/")
    sign_in(page, new_person("viewer"))
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()
    another = page.context.new_page()
    another.goto("/customers")
    expect(another.get_by_role("heading", name="Customers")).to_be_visible()
    page.close()
    another.reload()
    expect(another.get_by_role("heading", name="Customers")).to_be_visible()


def test_a_new_tab_goes_on_with_the_session_of_an_idle_one(
    open_page: OpenPage, new_person: Callable[[str], Person]
) -> None:
    page = open_page(None)
    page.goto("/")
    sign_in(page, new_person("viewer"))
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()
    page.evaluate(IDLE)
    another = page.context.new_page()
    another.goto("/customers")
    expect(another.get_by_role("heading", name="Customers")).to_be_visible()


def test_once_every_tab_is_closed_the_session_is_gone(open_page: OpenPage, new_person: Callable[[str], Person]) -> None:
    page = open_page(None)
    page.goto("/")
    sign_in(page, new_person("viewer"))
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()
    context = page.context
    page.close()
    another = context.new_page()
    another.goto("/")
    expect(another.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("state", ["in use", "idle for an hour"])
def test_signing_out_signs_out_in_every_tab(
    open_page: OpenPage, new_person: Callable[[str], Person], state: str
) -> None:
    page, person = open_page(None), new_person("viewer")
    page.goto("/")
    sign_in(page, person)
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()
    another = page.context.new_page()
    another.goto("/customers")
    another.get_by_role("button", name=person[0]).wait_for()
    if state != "in use":
        page.evaluate(IDLE)
    another.get_by_role("button", name=person[0]).click()
    another.get_by_role("menuitem", name="Sign out").click()
    expect(another.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Token" not in page.evaluate("JSON.stringify({...sessionStorage})")


def rename_after_the_session(page: Page, name: str) -> Locator:
    """Save a group's name after the session has ended. Returns the dialog that asks to sign in again."""
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Edit").click()
    page.get_by_label("Name").fill(name)
    page.evaluate(EXPIRE)
    page.get_by_role("button", name="Save").click()
    return page.get_by_role("dialog", name="Your session has ended")


def test_a_session_that_ends_while_typing_keeps_the_input(
    open_page: OpenPage, new_person: Callable[[str], Person], new_group: Post, unique: str
) -> None:
    page, person, group = open_page(None), new_person("editor"), new_group()
    page.goto(f"/customer-groups/{group['id']}")
    sign_in(page, person)
    pop_up = rename_after_the_session(page, f"Typed before {unique}")
    assert findings(page) == []
    expect(pop_up.get_by_label("Email")).to_have_value(person[0])
    pop_up.get_by_label("Password", exact=True).fill(person[1])
    pop_up.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Typed before {unique}")
    expect(page).to_have_url(re.compile(group["id"]))


def test_what_somebody_saves_is_not_sent_in_the_name_of_who_signs_in_next(
    open_page: OpenPage, new_person: Callable[[str], Person], admin: httpx.Client, new_group: Post, unique: str
) -> None:
    page, person, other, group = open_page(None), new_person("editor"), new_person("editor"), new_group()
    path = f"/admin/customer-groups/{group['id']}"
    page.goto(f"/customer-groups/{group['id']}")
    sign_in(page, person)
    pop_up = rename_after_the_session(page, f"Not by the other {unique}")
    pop_up.get_by_label("Email").fill(other[0])
    pop_up.get_by_label("Password", exact=True).fill(other[1])
    with page.expect_response(lambda answer: answer.request.method == "POST" and path in answer.url) as saved:
        pop_up.get_by_role("button", name="Sign in").click()
    assert saved.value.status == 401
    page.get_by_role("button", name=other[0]).wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text(group["name"])
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert admin.get(path).json()["customer_group"]["name"] == group["name"]
    changes = admin.get(f"{path}/history").json()["changes"]
    assert [change["type"] for change in changes] == ["created"]


def test_after_an_expired_session_the_same_page_is_shown(
    open_page: OpenPage, new_person: Callable[[str], Person]
) -> None:
    page, person = open_page(None), new_person("viewer")
    page.goto("/customer-groups?order=name&q=nothing+like+it")
    sign_in(page, person)
    page.get_by_text("Nothing matches").wait_for()
    page.evaluate(EXPIRE)
    page.reload()
    sign_in(page, person)
    expect(page).to_have_url(re.compile(r"/customer-groups\?order=name&q=nothing"))
    expect(page.get_by_text("Nothing matches")).to_be_visible()


def test_an_expired_access_token_is_renewed_silently(open_page: OpenPage, new_person: Callable[[str], Person]) -> None:
    page = open_page(None)
    page.goto("/customers")
    sign_in(page, new_person("viewer"))
    page.get_by_role("heading", name="Customers").wait_for()
    page.evaluate(IDLE)
    page.get_by_role("link", name="Customer Groups").click()
    expect(page.get_by_role("heading", name="Customer Groups")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_link_to_another_site_is_not_followed_after_sign_in(
    open_page: OpenPage, new_person: Callable[[str], Person]
) -> None:
    page = open_page(None)
    page.goto("/sign-in?return=//evil.example/")
    sign_in(page, new_person("viewer"))
    expect(page).to_have_url(re.compile(r"/customer-groups$"))


def test_a_viewer_cannot_change_anything(open_page: OpenPage, new_group: Post) -> None:
    group = new_group(metadata={"color": "blue"})
    page = open_page("viewer")
    page.goto("/customer-groups")
    page.get_by_role("table").get_by_role("link").first.wait_for()
    expect(page.get_by_role("button", name="Create")).to_be_hidden()
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_text("blue").wait_for()
    for action in ("Customer group actions", "Add", "Edit metadata"):
        expect(page.get_by_role("button", name=action, exact=True)).to_be_hidden()


def test_an_editor_can_edit_groups_but_not_delete_them(open_page: OpenPage, new_group: Post) -> None:
    group = new_group()
    page = open_page("editor")
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Customer group actions").click()
    expect(page.get_by_role("menuitem")).to_have_text(["Edit", "Make automatic", "Duplicate"])
    page.goto("/customers")
    page.get_by_role("heading", name="Customers").wait_for()
    expect(page.get_by_role("button", name="Create")).to_be_hidden()


def test_missing_permissions_are_explained(page: Page, new_group: Post) -> None:
    group = new_group()
    page.route(
        f"**/customer-groups/{group['id']}*",
        lambda route: (
            route.fulfill(status=403, json={"type": "forbidden", "message": "role"})
            if route.request.method == "DELETE"
            else route.fallback()
        ),
    )
    page.goto(f"/customer-groups/{group['id']}")
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("You are not allowed to do this.")
