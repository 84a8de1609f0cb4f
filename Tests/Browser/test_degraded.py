# SPDX-License-Identifier: MIT
"""What does not work is told, mended from the page, and never keeps anybody from the events."""

import os
import re
import signal
import time

from playwright.sync_api import expect

import pictures
from house import WEIGHTS, House, Refused


def test_without_weights_events_are_listed_and_taken_and_indexed_once_there_are_weights(furnished, open_page):
    with House(copy_of=furnished) as house:
        house.stop()
        house.weights = house.data / "lost.safetensors"
        house.start()
        page = open_page(house)
        expect(page.get_by_role("article").first).to_be_visible()
        expect(page.get_by_text(re.compile("no weights", re.I)).first).to_be_visible()
        event = house.event(
            pictures.scenes(3)["red-car-night"], time="2026-06-01T10:00:00Z", text="a car in the dark", wait=0)
        page.reload()
        waiting = page.get_by_role("article").filter(has_text="a car in the dark")
        expect(waiting).to_be_visible()
        expect(waiting.get_by_text(re.compile("not (yet )?indexed( yet)?", re.I))).to_be_visible()
        page.get_by_role("link", name="System", exact=True).click()
        expect(page.get_by_role("heading", name="Weights")).to_be_visible()
        expect(page.get_by_text(re.compile("lost.safetensors|weights fetch")).first).to_be_visible()

        os.symlink(WEIGHTS, house.weights)
        page.goto("/")
        waiting.get_by_role("button", name="Retry").click()
        house.wait_until_ready(event)
        page.goto("/")
        expect(waiting.get_by_role("link", name=re.compile("^Similar"))).to_be_visible()
        page.wait_for_timeout(2500)
        page.reload()
        expect(page.get_by_text(re.compile("no weights", re.I))).to_have_count(0)


def test_a_corrupt_thumbnail_leaves_the_event_with_its_reason_and_a_way_to_try_again(own, open_page):
    event = own.event(pictures.corrupt(), time="2026-06-01T10:00:00Z", text="a broken picture")
    assert event["embedding_state"] == "failed"
    page = open_page(own)
    card = page.get_by_role("article").filter(has_text="a broken picture")
    expect(card).to_be_visible()
    expect(card.locator(".note")).to_have_text(re.compile("could not be indexed|unreadable|cannot be read", re.I))
    expect(card.get_by_role("link", name=re.compile("^Similar"))).to_have_count(0)
    # Words in its place, not the browser's sign for a broken picture.
    expect(card.locator("img")).to_have_count(0)

    # The file is put right, as by who restores a backup.
    day, name = event["thumbnail_url"].split("/")[-2:]
    (own.data / "thumbnails" / day / name).write_bytes(pictures.scenes(4)["red-car-night"])
    card.get_by_role("button", name="Retry").click()
    own.wait_until_ready(event)
    page.goto("/")
    expect(card.get_by_role("link", name=re.compile("^Similar"))).to_be_visible()


def test_failures_are_listed_with_reasons_and_retried_together(own, open_page):
    for number in range(3):
        own.event(pictures.corrupt() + bytes([number]), time=f"2026-06-01T10:0{number}:00Z", text=f"broken {number}")
    page = open_page(own, "/system")
    failures = page.get_by_role("region", name="Failures")
    expect(failures).to_contain_text("3")
    failures.get_by_text("Latest, with reasons").click()
    expect(failures.get_by_role("row").filter(has_text="front door")).to_have_count(3)
    failures.get_by_role("button", name="Retry all").click()
    expect(page.get_by_role("heading", name="System")).to_be_visible()
    own.wait_until_indexed()
    expect(page.get_by_role("region", name="Failures")).to_contain_text("3", timeout=10_000)


def test_a_batch_of_101_is_refused_and_says_why(own):
    try:
        own.post("/context/embeddings/batch", {"limit": 101})
        raise AssertionError("it was taken")
    except Refused as refusal:
        assert refusal.status == 422 and "100" in str(refusal)


def test_a_hundred_events_are_indexed_with_progress_to_the_end_although_the_server_dies_half_way(open_page):
    scene = pictures.scenes()["red-car-morning"]
    with House(weights="absent.safetensors") as house:
        for number in range(100):
            house.event(scene + bytes([number]), time=f"2026-06-01T{10 + number // 60}:{number % 60:02}:00Z",
                        text=f"number {number}", wait=0)
        house.stop()
        house.weights = WEIGHTS
        house.start()
        page = open_page(house, "/system")
        # Between the death and the next start there is nobody to answer.
        page.watch.allow("ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE")
        bar = page.get_by_role("progressbar")
        expect(bar).to_have_attribute("max", "100")
        end = time.monotonic() + 60
        while house.get("/context/embeddings/stats")["events_with_embeddings"] < 20 and time.monotonic() < end:
            time.sleep(0.05)
        house.stop(signal.SIGKILL)
        done = 0
        house.start()
        done = house.get("/context/embeddings/stats")["events_with_embeddings"]
        assert 20 <= done < 100, f"it died too late to show anything: {done}"
        # The page finds its way back by itself and shows how far it is.
        expect(bar).to_have_attribute("value", "100", timeout=60_000)
        assert house.get("/context/embeddings/stats")["failed"] == 0
