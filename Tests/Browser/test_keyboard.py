# SPDX-License-Identifier: MIT
"""Everything by keyboard, nothing that moves for who does not want it."""

import re

from playwright.sync_api import expect

from test_visitors import members, returning  # noqa: F401  (a fixture)

FOCUSED = "document.activeElement.closest('article')?.dataset.id"


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def reach(page, target, limit=150):
    """Presses Tab until `target` has the focus, and sees that every stop on the way shows it."""
    for _ in range(limit):
        if target.count() and target.first.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        outline = page.evaluate("""() => { const style = getComputedStyle(document.activeElement);
            return document.activeElement === document.body || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
                || style.boxShadow !== 'none' || document.activeElement.id === 'main'; }""")
        assert outline, f"no visible focus on {page.evaluate('document.activeElement.outerHTML')[:200]}"
    raise AssertionError("the focus never got there")


def test_a_search_and_its_look_alikes_without_a_mouse(sample, open_page):
    page = open_page(sample)
    press(page, "/")
    expect(page.get_by_role("combobox", name="Search events")).to_be_focused()
    page.keyboard.type("label:vehicle")
    press(page, "Enter")
    expect(page).to_have_url(re.compile("label"))
    expect(page.get_by_role("article").first).to_be_visible()
    cards = page.eval_on_selector_all("article[data-id]", "all => all.map(card => card.dataset.id)")
    press(page, "j")
    assert page.evaluate(FOCUSED) == cards[0]
    press(page, "j", "j", "k")
    assert page.evaluate(FOCUSED) == cards[1]
    press(page, "s")
    panel = page.get_by_role("complementary", name="Similar events")
    expect(panel).to_be_visible()
    expect(panel.locator(".results").get_by_role("article").first).to_be_visible()
    press(page, "Escape")
    expect(panel).to_be_hidden()
    assert page.evaluate(FOCUSED) == cards[1], "the focus is back where it was"
    press(page, "k", "j", "Enter")
    expect(page).to_have_url(re.compile(f"/events/{cards[1]}"))
    page.go_back()
    expect(page.get_by_role("article").first).to_be_visible()
    press(page, "/")
    page.keyboard.type("jjs")
    expect(page.get_by_role("combobox", name="Search events")).to_have_value(re.compile("jjs"))


def test_tab_reaches_everything_and_the_first_stop_skips_to_the_content(sample, open_page):
    page = open_page(sample)
    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    press(page, "Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reach(page, page.get_by_role("article").nth(1).get_by_role("link", name=re.compile("^Similar")))
    press(page, "Enter")
    panel = page.get_by_role("complementary", name="Similar events")
    expect(panel).to_be_visible()
    assert panel.evaluate("panel => panel.contains(document.activeElement)"), "the focus goes into the panel"


def test_decisions_about_a_visitor_without_a_mouse(returning, open_page):  # noqa: F811
    house, entities = returning
    page = open_page(house, f"/visitors/{entities[0]}")
    before = members(page)
    button = page.locator(".member").first.get_by_role("button", name=re.compile("^Not this one"))
    reach(page, button)
    press(page, "Enter")
    expect(page.locator(f".members article[data-id='{before[0]}']")).to_have_count(0)
    reach(page, page.get_by_role("button", name=re.compile("^Undo")))
    press(page, "Enter")
    expect(page.locator(f".members article[data-id='{before[0]}']")).to_have_count(1)
    reach(page, page.get_by_label("Name", exact=True))
    press(page, "Control+a")
    page.keyboard.type("By keyboard")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("By keyboard")


def test_nothing_moves_for_who_asks_for_no_motion(sample, open_page):
    page = open_page(sample, "/", reduced_motion="reduce")
    page.get_by_role("article").first.get_by_role("link", name=re.compile("^Similar")).click()
    expect(page.get_by_role("complementary", name="Similar events")).to_be_visible()
    moving = page.evaluate("""() => [...document.querySelectorAll('*')].filter(element => {
        const style = getComputedStyle(element);
        const seconds = text => Math.max(...text.split(',').map(parseFloat));
        return seconds(style.transitionDuration) > 0.02 || seconds(style.animationDuration) > 0.02
            || style.scrollBehavior === 'smooth';
    }).map(element => element.outerHTML.slice(0, 80))""")
    assert moving == []


def test_the_keys_can_be_turned_off(sample, open_page):
    page = open_page(sample)
    page.get_by_role("button", name="Turn keys off").click()
    page.locator("body").press("/")
    expect(page.get_by_role("combobox", name="Search events")).not_to_be_focused()
    page.reload()
    page.get_by_role("button", name="Turn keys on").click()
    page.locator("body").press("/")
    expect(page.get_by_role("combobox", name="Search events")).to_be_focused()
