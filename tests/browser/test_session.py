"""Signing in and out, sessions that end, and what each role may do."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from local import cloud
from local.stack import Stack
from local.users import new_password
from tests.browser.axe import findings
from tests.browser.conftest import OpenPage, Person, sign_in

type Post = Callable[..., dict[str, Any]]

# As if both tokens had run out while the page was open.
EXPIRE = """() => {
  for (const [key, token] of Object.entries(localStorage)) {
    if (key.endsWith('.refreshToken')) localStorage.setItem(key, 'gone')
    if (key.endsWith('.accessToken') || key.endsWith('.idToken')) {
      const [head, , signature] = token.split('.')
      const claims = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')))
      const past = btoa(JSON.stringify({ ...claims, exp: 1 }))
      localStorage.setItem(key, [head, past, signature].join('.'))
    }
  }
}"""


def test_signing_in_leads_to_the_address_that_was_asked_for(
    open_page: OpenPage, new_person: Callable[[str], Person]
) -> None:
    page = open_page(None)
    page.goto("/customers?q=ada&order=email")
    expect(page).to_have_url(re.compile(r"/sign-in\?return="))
    sign_in(page, new_person("viewer"))
    expect(page).to_have_url(re.compile(r"/customers\?q=ada&order=email$"))
    expect(page.get_by_label("Search customers")).to_have_value("ada")


def test_a_wrong_password_is_told_and_the_address_stays_in_the_form(open_page: OpenPage) -> None:
    page = open_page(None)
    page.goto("/sign-in")
    sign_in(page, ("ada@liqnic.example", "wrong"))
    expect(page.get_by_role("alert")).to_have_text("Wrong email or password.")
    expect(page.get_by_label("Email")).to_have_value("ada@liqnic.example")


def test_the_first_sign_in_asks_for_a_password_of_ones_own(open_page: OpenPage, stack: Stack, unique: str) -> None:
    email, temporary, own = f"new.{unique}@liqnic.example", new_password(), new_password()
    cognito = cloud.session().client("cognito-idp", endpoint_url=stack.endpoint_url)
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


def test_signing_out_forgets_everything(open_page: OpenPage, new_person: Callable[[str], Person]) -> None:
    page = open_page(None)
    person = new_person("viewer")
    page.goto("/")
    sign_in(page, person)
    page.get_by_role("button", name=person[0]).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Token" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_session_that_ends_while_typing_loses_nothing(
    open_page: OpenPage, new_person: Callable[[str], Person], new_group: Post, unique: str
) -> None:
    page, person, group = open_page(None), new_person("editor"), new_group()
    page.goto(f"/customer-groups/{group['id']}")
    sign_in(page, person)
    page.get_by_role("button", name="Customer group actions").click()
    page.get_by_role("menuitem", name="Edit").click()
    page.get_by_label("Name").fill(f"Typed before {unique}")
    page.evaluate(EXPIRE)
    page.get_by_role("button", name="Save").click()
    pop_up = page.get_by_role("dialog", name="Your session has ended")
    assert findings(page) == []
    expect(pop_up.get_by_label("Email")).to_have_value(person[0])
    pop_up.get_by_label("Password", exact=True).fill(person[1])
    pop_up.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Typed before {unique}")
    expect(page).to_have_url(re.compile(group["id"]))


def test_a_session_that_ended_before_leads_back_to_the_same_place(
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


def test_an_access_token_that_ran_out_is_renewed_without_a_word(
    open_page: OpenPage, new_person: Callable[[str], Person]
) -> None:
    page = open_page(None)
    page.goto("/customers")
    sign_in(page, new_person("viewer"))
    page.get_by_role("heading", name="Customers").wait_for()
    page.evaluate(EXPIRE.replace("localStorage.setItem(key, 'gone')", "null"))
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


def test_a_viewer_can_look_and_change_nothing(open_page: OpenPage, new_group: Post) -> None:
    group = new_group(metadata={"colour": "blue"})
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
    expect(page.get_by_role("menuitem")).to_have_text(["Edit"])
    page.goto("/customers")
    page.get_by_role("heading", name="Customers").wait_for()
    expect(page.get_by_role("button", name="Create")).to_be_hidden()


def test_what_a_role_may_not_do_is_told_in_plain_words(page: Page, new_group: Post) -> None:
    group = new_group()
    page.route(
        f"**/customer-groups/{group['id']}",
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
