# SPDX-License-Identifier: MIT
"""Names, labels and descriptions are text, whatever is in them."""

import urllib.parse

import pytest
from playwright.sync_api import expect

import pictures

MARKUP = """<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'"--></title><b onmouseover=pwned=1>&lt;{{7}}"""
#: As long as a name may be, without a place to break it.
LONG = "W" * 250


@pytest.mark.parametrize("name", [MARKUP, LONG], ids=["markup", "long"])
def test_names_and_descriptions_stay_text_on_every_page(own, open_page, name):
    event = own.event(pictures.scenes(5)["red-car-morning"], camera=name, time="2026-06-01T10:00:00Z", text=name,
                      objects=["vehicle"])
    entity = own.post("/context/entities", {"entity_type": "vehicle", "name": name, "notes": name})
    own.post(f"/context/events/{event['id']}/entity", {"entity_id": entity["id"]})
    page = open_page(own, viewport={"width": 360, "height": 800})
    quoted = urllib.parse.quote(name)
    places = [
        "/", "/visitors", "/system", f"/events/{event['id']}", f"/visitors/{entity['id']}", f"/?q={quoted}",
        f"/?q=camera%3A%22{quoted}%22", f"/?q=like%3A{event['id']}", f"/visitors?search={quoted[:150]}",
        f"/?q=nothing&flash={quoted}",
    ]
    page.watch.allow("(answer|status of) (404|503)")
    for place in places:
        page.goto(place)
        assert page.evaluate("window.pwned") is None, place
        assert page.locator("img[src=x], b, main script").count() == 0, place
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{place} is {width} px wide"
    page.goto("/")
    card = page.get_by_role("article").filter(has_text=name[:40]).first
    expect(card).to_be_visible()
    assert name in card.inner_text()
    page.goto(f"/visitors/{entity['id']}")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)


def test_a_name_given_on_the_page_stays_text(own, open_page):
    page = open_page(own, "/visitors")
    page.get_by_role("article").first.get_by_role("link").last.click()
    page.get_by_label("Name", exact=True).fill(MARKUP)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(MARKUP)
    assert page.evaluate("window.pwned") is None
