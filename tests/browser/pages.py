"""What tests do and see on the pages of a workbook."""

import re

from playwright.sync_api import Locator, Page, expect

# How a state tells the time: 14:05 or 14.05.
WHEN = re.compile(r"\d{1,2}[:.]\d{2}")


def open_section(page: Page, path: str) -> None:
    """Open a section, and wait until its page hears what others do."""
    with page.expect_response(lambda response: "/events?" in response.url):
        page.goto(path)


def field(page: Page, key: str) -> Locator:
    return page.locator(f'[data-field="{key}"]')


def state(page: Page, key: str) -> Locator:
    """What the field says about its being saved."""
    return field(page, key).locator("[data-state]")


def editor(page: Page, key: str) -> Locator:
    return field(page, key).locator("[contenteditable=true]")


def is_saved(page: Page, key: str) -> None:
    """The field says in words that it is saved, and when."""
    expect(state(page, key)).to_have_attribute("data-tone", "saved")
    expect(state(page, key)).to_have_text(WHEN)


def has_problem(page: Page, key: str) -> None:
    expect(state(page, key)).to_have_attribute("data-tone", "problem")
    expect(state(page, key)).to_have_text(re.compile(r"\w"))


def type_into(page: Page, key: str, text: str) -> None:
    """Type a rich text, as somebody does who clicks in the field."""
    box = field(page, key).locator("[data-rich]")
    box.click()
    expect(editor(page, key)).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)
