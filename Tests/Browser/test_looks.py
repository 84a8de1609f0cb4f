# SPDX-License-Identifier: MIT
"""Every page in three widths, light and dark: no violation that axe finds, nothing too wide, nothing foreign."""

import io
import os
import pathlib
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

import pictures
from house import House

#: Where to write the pictures of the documentation; only when asked to.
SCREENSHOTS = os.environ.get("AFTERIMAGE_BROWSER_SCREENSHOTS")
WIDTHS = {360: 780, 768: 1024, 1440: 900}
#: Pairs of things in the page's head of which one covers the other.
OVERLAPS = """() => {
    const all = [...document.querySelectorAll('header.top a, header.top button, header.top input[type=search]')]
        .map(element => [element.outerHTML.slice(0, 60), element.getBoundingClientRect()]).filter(([, box]) => box.width > 1);
    return all.flatMap(([a, x], i) => all.slice(i + 1).filter(([, y]) =>
        x.left < y.right - 1 && y.left < x.right - 1 && x.top < y.bottom - 1 && y.top < x.bottom - 1).map(([b]) => [a, b]));
}"""


@pytest.fixture(scope="module")
def shown(furnished):
    """A server with something on every page: visitors with names, a failure, an event that waits for nothing."""
    with House(copy_of=furnished, options=["--preload"]) as house:
        for seed in (31, 32, 33, 34):
            for name in ("red-car-evening", "courier-with-parcel", "blue-car-rain"):
                house.event(pictures.scenes(seed)[name], camera="Drive" if "car" in name else "Porch",
                            time=f"2026-03-{seed - 8}T{seed - 22:02}:{seed}:00Z", text=name.replace("-", " "),
                            objects=["person" if "courier" in name else "vehicle"])
        house.event(pictures.corrupt(), camera="Porch", time="2026-03-26T20:15:00Z", text="a picture cut short")
        entities = house.get("/context/entities?limit=100")["entities"]
        entities.sort(key=lambda entity: -entity["occurrence_count"])
        for kind, name in [("vehicle", "Our car"), ("person", "The courier")]:
            entity = next(entity for entity in entities if entity["entity_type"] == kind)
            house.send("PUT", f"/api/v1/context/entities/{entity['id']}", {"name": name})
        house.visitor = entities[0]["id"]
        house.some = house.get("/events?search_query=courier&limit=1")["events"][0]["id"]
        yield house


@pytest.fixture(scope="module")
def locked():
    with House(AFTERIMAGE_API_KEY="correct-horse-battery-staple") as house:
        yield house


def places(house):
    return {
        "timeline": "/", "event": f"/events/{house.some}", "similar": f"/?q=like%3A{house.some}",
        "visitors": "/visitors", "visitor": f"/visitors/{house.visitor}",
        "alike": f"/visitors/{house.visitor}/alike", "system": "/system",
        "empty": "/?q=label%3Aanimal", "missing": "/events/none",
    }


def settle(page):
    page.wait_for_load_state()
    page.evaluate("""() => Promise.all([...document.images].filter(image => image.loading !== 'lazy' || image.complete)
        .map(image => image.decode().catch(() => {})))""")


def check(page, name):
    """No violation of any kind, and no need to scroll sideways."""
    violations = Axe().run(page).response["violations"]
    assert not violations, name + "\n" + "\n".join(
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
        + "\n    ".join(node["html"][:150] + " " + node.get("failureSummary", "").replace("\n", " ")[:250] for node in violation["nodes"][:4])
        for violation in violations)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{name} is {width} px wide"
    assert page.evaluate(OVERLAPS) == [], f"{name}: something in the head covers something else"


def keep(page, name):
    """Keeps a picture of what is seen, as few bytes as will do."""
    if not SCREENSHOTS:
        return
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    folder = pathlib.Path(SCREENSHOTS)
    folder.mkdir(parents=True, exist_ok=True)
    for quality in (80, 70, 60, 50, 40, 30):
        output = io.BytesIO()
        image.save(output, "WEBP", quality=quality, method=6)
        if output.tell() < 60_000:
            break
    (folder / f"{name}.webp").write_bytes(output.getvalue())


# Colours do not depend on the width: the short run has every width and both schemes, not every pair of them.
SHORT = [(360, "light"), (768, "dark"), (1440, "light"), (1440, "dark")]
ALL = [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")]


@pytest.mark.parametrize("width, scheme", ALL if SCREENSHOTS or os.environ.get("AFTERIMAGE_TEST_LONG") else SHORT)
def test_every_page_is_accessible_and_fits(shown, open_page, width, scheme):
    page = open_page(shown, None, viewport={"width": width, "height": WIDTHS[width]}, color_scheme=scheme)
    page.watch.allow("(answer|status of) 404.*events/none|status of 404")
    for name, place in places(shown).items():
        page.goto(place)
        settle(page)
        check(page, f"{name} at {width} px, {scheme}")
        if name in ("timeline", "visitor", "alike", "system"):
            keep(page, f"{name}-{width}-{scheme}")
    page.goto("/?q=label%3Avehicle")
    page.get_by_role("article").first.get_by_role("link", name=re.compile("^Similar")).click()
    expect(page.locator(".results article").first).to_be_visible()
    settle(page)
    check(page, f"panel at {width} px, {scheme}")
    keep(page, f"similar-{width}-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_for_signing_in_is_accessible_and_fits(locked, open_page, scheme):
    page = open_page(locked, "/", viewport={"width": 360, "height": 780}, color_scheme=scheme)
    check(page, "login")
    page.watch.allow("(answer|status of) 403")
    page.get_by_label("Key", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, "login after a wrong key")
    keep(page, f"login-360-{scheme}")
    page.get_by_label("Key", exact=True).fill("correct-horse-battery-staple")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    check(page, "signed in")


def test_zoomed_to_twice_the_text_size_nothing_is_lost(shown, open_page):
    page = open_page(shown, None, viewport={"width": 640, "height": 800})
    for place in places(shown).values():
        page.watch.allow("(answer|status of) 404")
        page.goto(place)
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, place


def test_no_page_asks_anybody_else_for_anything(shown, open_page):
    """The watch fails on a foreign request; the browser could not reach anybody anyway."""
    page = open_page(shown, None)
    page.watch.allow("(answer|status of) 404")
    for place in places(shown).values():
        page.goto(place)
        settle(page)
        source = page.content()
        for match in re.findall(r"""(?:src|href|action)=["'](\w+:)?//""", source):
            raise AssertionError(f"{place} names another host: {match}")
    assert page.watch.requests > 20
    assert not [fault for fault in page.watch.faults if fault.startswith("foreign")]


def test_a_document_is_what_the_policy_says(shown, open_page):
    page = open_page(shown, None)
    answer = page.goto("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert page.locator("script:not([src]), style, [style], [onclick], [onload]").count() == 0
