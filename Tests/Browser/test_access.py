# SPDX-License-Identifier: MIT
"""Signing in and out in a browser, and what other sites can make of it."""

import http.server
import threading

import pytest
from playwright.sync_api import expect

from house import House, run

KEY = "correct-horse-battery-staple"


@pytest.fixture(scope="module")
def locked(furnished):
    """A server that asks for a key."""
    with House(copy_of=furnished, AFTERIMAGE_API_KEY=KEY) as house:
        yield house


def sign_in(page, key=KEY):
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("button", name="Sign in").click()


def test_a_key_is_asked_for_once_and_leads_to_the_page_that_was_wanted(locked, open_page):
    page = open_page(locked, "/?q=label%3Avehicle")
    expect(page).to_have_title("Sign in · Afterimage")
    expect(page.get_by_label("Key", exact=True)).to_be_focused()
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.watch.allow(r"(answer|status of) 403")
    sign_in(page, "no key")
    expect(page.get_by_role("alert")).to_contain_text("no key of this server")
    sign_in(page)
    expect(page.get_by_role("combobox", name="Search events")).to_have_value("label:vehicle")
    expect(page.get_by_role("article").first).to_be_visible()
    page.get_by_role("link", name="System").click()
    page.go_back()
    expect(page.get_by_role("article").first).to_be_visible()


def test_signing_out_ends_it(locked, open_page):
    page = open_page(locked)
    sign_in(page)
    expect(page.get_by_role("article").first).to_be_visible()
    cookie = page.context.cookies()[0]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and cookie["name"] == "afterimage_session"
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in · Afterimage")
    page.context.add_cookies([cookie])
    page.goto("/")
    expect(page).to_have_title("Sign in · Afterimage")


def test_pictures_are_behind_the_key(locked, open_page):
    event = locked.get("/events?limit=1")["events"][0]
    page = open_page(locked)
    page.watch.allow(r"(answer|status of) 401")
    for path in (event["thumbnail_url"], f"/api/v1/events/{event['id']}/thumbnail"):
        assert page.request.get(path).status == 401
    sign_in(page)
    expect(page.get_by_role("article").first).to_be_visible()
    assert page.request.get(event["thumbnail_url"]).status == 200
    loaded = page.get_by_role("article").first.get_by_role("img")
    expect(loaded).to_have_js_property("complete", True)
    assert loaded.evaluate("image => image.naturalWidth") > 0


def test_a_planted_cookie_is_not_signed_in(locked, open_page):
    page = open_page(locked, None)
    planted = "A" * 43
    page.context.add_cookies([{"name": "afterimage_session", "value": planted, "url": locked.address}])
    page.goto("/")
    sign_in(page)
    expect(page.get_by_role("article").first).to_be_visible()
    assert page.context.cookies()[0]["value"] != planted
    other = open_page(locked, None)
    other.context.add_cookies([{"name": "afterimage_session", "value": planted, "url": locked.address}])
    other.goto("/")
    expect(other).to_have_title("Sign in · Afterimage")


def test_revoking_the_key_signs_the_browser_out(furnished, open_page):
    with House(copy_of=furnished) as house:
        key = run("keys", "create", "--name", "phone", "--scope", "read", "--data-dir", house.data).strip()
        house.stop()
        house.start()
        page = open_page(house)
        sign_in(page, key)
        expect(page.get_by_role("article").first).to_be_visible()
        run("keys", "revoke", "phone", "--data-dir", house.data)
        page.watch.allow(r"(answer|status of) 401")
        page.reload()
        expect(page).to_have_title("Sign in · Afterimage")


@pytest.fixture
def evil(locked):
    """A page of another origin on the same host, which is the same site: cookies do go along from there."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            target = locked.address
            content = f"""<!doctype html><title>evil</title><iframe src="{target}/" name="frame"></iframe>
                <img src="{target}/api/v1/events/none/thumbnail">
                <form action="{target}/logout" method="post"><button>Win</button></form>
                <form action="{target}/api/v1/cameras" method="post" enctype="text/plain">
                <input name='{{"name":"planted","x":"' value='"}}'><button>Plant</button></form>"""
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_another_origin_can_neither_frame_the_page_nor_submit_its_forms(locked, open_page, evil):
    page = open_page(locked)
    sign_in(page)
    expect(page.get_by_role("article").first).to_be_visible()
    attack = page.context.new_page()
    page.watch.allow("foreign request: GET " + evil)
    page.watch.allow(r"answer 40[134]|status of 40[134]|ERR_BLOCKED_BY_RESPONSE|frame-ancestors|Framing|X-Frame-Options")
    page.watch.allow(r"Cross-Origin|CORP|favicon")
    attack.goto(evil)
    attack.wait_for_load_state()
    frame = attack.frame("frame")
    assert frame.locator("article").count() == 0, "it was framed"
    attack.get_by_role("button", name="Win").click()
    assert "another site" in attack.content()
    attack.goto(evil)
    attack.get_by_role("button", name="Plant").click()
    assert "another site" in attack.content()
    page.reload()
    expect(page.get_by_role("article").first).to_be_visible()
    assert "planted" not in [camera["name"] for camera in locked.get("/cameras")]


def test_too_many_wrong_keys_are_told_so(furnished, open_page):
    with House(copy_of=furnished, AFTERIMAGE_API_KEY=KEY) as house:
        page = open_page(house)
        page.watch.allow(r"(answer|status of) 4(03|29)")
        for _ in range(6):
            sign_in(page, "no key")
            expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("Try again in")
