# SPDX-License-Identifier: MIT
"""Times are those of the house, wherever the browser is, also on the days when clocks change."""

import re

import pytest
from playwright.sync_api import expect

import pictures
from house import House

#: Times in UTC around the start of summer time in Berlin, 2026-03-29 at 01:00 UTC, with the local ones.
SPRING = [
    ("2026-03-28T20:59:00Z", "28 March", "21:59"), ("2026-03-28T21:00:00Z", "28 March", "22:00"),
    ("2026-03-28T22:59:59Z", "28 March", "23:59"), ("2026-03-28T23:00:00Z", "29 March", "00:00"),
    ("2026-03-29T00:59:00Z", "29 March", "01:59"), ("2026-03-29T01:00:00Z", "29 March", "03:00"),
    ("2026-03-29T02:59:00Z", "29 March", "04:59"), ("2026-03-29T03:00:00Z", "29 March", "05:00"),
    ("2026-03-29T21:59:00Z", "29 March", "23:59"), ("2026-03-29T22:00:00Z", "30 March", "00:00"),
]
#: The end of summer time, 2025-10-26 at 01:00 UTC: the hour from two to three is there twice.
AUTUMN = [
    ("2025-10-25T21:59:00Z", "25 October", "23:59"), ("2025-10-25T22:00:00Z", "26 October", "00:00"),
    ("2025-10-26T00:30:00Z", "26 October", "02:30"), ("2025-10-26T01:30:00Z", "26 October", "02:30"),
    ("2025-10-26T22:59:00Z", "26 October", "23:59"), ("2025-10-26T23:00:00Z", "27 October", "00:00"),
]


@pytest.fixture(scope="module")
def clocks():
    """A server in Berlin with events around both changes of the clocks, without pictures."""
    with House() as house:
        for moment, _, _ in SPRING + AUTUMN:
            house.event(None, time=moment, text=f"at {moment}", wait=0)
        yield house


def shown(page):
    """What the page shows: the moment in the description, the day's heading, the clock."""
    found = {}
    for day in page.get_by_role("region").filter(has=page.get_by_role("article")).all():
        heading = day.get_by_role("heading", level=2).inner_text()
        for card in day.get_by_role("article").all():
            moment = re.search(r"at (\S+Z)", card.inner_text())[1]
            found[moment] = (heading, card.locator("time").first.inner_text())
    return found


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"])
def test_days_and_clocks_are_those_of_the_server(clocks, open_page, zone):
    found = shown(open_page(clocks, "/", timezone_id=zone))
    assert len(found) == len(SPRING + AUTUMN)
    for moment, day, clock in SPRING + AUTUMN:
        heading, text = found[moment]
        assert day in heading and clock in text, f"{moment}: {heading}, {text}"


def test_the_night_is_the_night_at_the_house(clocks, open_page):
    found = shown(open_page(clocks, "/?q=hours%3A22-05"))
    expected = {moment for moment, _, clock in SPRING + AUTUMN if clock >= "22:00" or clock < "05:00"}
    assert set(found) == expected
    assert {moment for moment, _, clock in SPRING + AUTUMN} != expected


@pytest.mark.parametrize("day, count", [("2026-03-29", 6), ("2025-10-26", 4)])
def test_a_day_of_23_or_25_hours_is_whole(clocks, open_page, day, count):
    page = open_page(clocks, f"/?q=day%3A{day}")
    expect(page.get_by_role("article")).to_have_count(count)


def test_another_house_has_other_times(open_page):
    with House(TZ="America/Los_Angeles") as house:
        house.event(None, time="2026-05-14T02:03:04Z", text="at 2026-05-14T02:03:04Z", wait=0)
        heading, clock = shown(open_page(house, "/", timezone_id="Europe/Berlin"))["2026-05-14T02:03:04Z"]
        assert "13 May" in heading and "19:03" in clock
