"""The section *History*, which is read when it comes into view."""

from playwright.sync_api import Locator, Page


def history_of(page: Page) -> Locator:
    """The section, after it was scrolled to."""
    section = page.get_by_role("region", name="History", exact=True)
    section.wait_for()
    section.evaluate("node => node.scrollIntoView({ block: 'center' })")
    return section
