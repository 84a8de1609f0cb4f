# SPDX-License-Identifier: MIT
"""Who comes back: what the owner decides is done, shown, taken back, and kept when groups are made anew."""

import re

import pytest
from playwright.sync_api import expect

import pictures


def members(page):
    """Identifiers of the events of the visitor on the page."""
    return page.eval_on_selector_all(".members article[data-id]", "all => all.map(card => card.dataset.id)")


@pytest.fixture
def returning(own):
    """A server with visitors of several events each; returns it and their identifiers, two vehicles first.

    Only what is of one type can be merged; of those, the most frequent stands first.
    """
    for seed in (21, 22, 23):
        for name in ("red-car-morning", "courier-with-parcel", "blue-car-morning"):
            own.event(pictures.scenes(seed)[name], camera="drive", time=f"2026-04-{seed}T09:{seed}:00Z",
                      text=f"{name} {seed}", objects=["person" if "courier" in name else "vehicle"])
    entities = own.get("/context/entities?limit=100")["entities"]
    entities.sort(key=lambda entity: (entity["entity_type"] != "vehicle", -entity["occurrence_count"]))
    assert entities[0]["occurrence_count"] >= 2 and entities[1]["entity_type"] == "vehicle", entities
    return own, [entity["id"] for entity in entities]


def test_a_visitor_gets_a_name_and_a_kind(returning, open_page):
    house, entities = returning
    page = open_page(house, "/visitors")
    expect(page.get_by_role("article").first).to_be_visible()
    page.goto(f"/visitors/{entities[0]}")
    page.get_by_label("Name", exact=True).fill("The neighbour's car")
    page.get_by_label("To you").select_option("regular")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The neighbour's car")
    assert house.get(f"/context/entities/{entities[0]}")["name"] == "The neighbour's car"
    page.goto("/")
    expect(page.get_by_role("link", name=re.compile("The neighbour's car")).first).to_be_visible()
    page.goto("/visitors?search=neighbour")
    expect(page.get_by_role("article")).to_have_count(1)


def test_the_heat_map_is_a_table_that_counts_the_visits(returning, open_page):
    house, entities = returning
    page = open_page(house, f"/visitors/{entities[0]}")
    table = page.get_by_role("table", name="Visits by weekday and hour of the day")
    expect(table.get_by_role("rowheader")).to_have_count(7)
    cells = [text for text in table.get_by_role("cell").all_inner_texts() if text.strip()]
    visits = house.get(f"/context/entities/{entities[0]}/visits")
    assert sum(int(text) for text in cells) == visits["visit_count"]


def test_not_this_one_takes_an_event_out_and_undo_brings_it_back(returning, open_page):
    house, entities = returning
    page = open_page(house, f"/visitors/{entities[0]}")
    before = members(page)
    page.locator(".member").first.get_by_role("button", name=re.compile("^Not this one")).click()
    expect(page.locator(f".members article[data-id='{before[0]}']")).to_have_count(0)
    assert members(page) == before[1:]
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(page.locator(f".members article[data-id='{before[0]}']")).to_have_count(1)
    assert set(members(page)) == set(before)


def test_merge_and_undo(returning, open_page):
    house, entities = returning
    page = open_page(house, f"/visitors/{entities[0]}")
    before = set(members(page))
    other = {event["id"] for event in house.get(f"/context/entities/{entities[1]}")["recent_events"]}
    page.get_by_label("This is the same as").select_option(value=entities[1])
    page.get_by_role("button", name="Merge").click()
    expect(page.locator(".members article")).to_have_count(len(before | other))
    assert set(members(page)) == before | other
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(page.locator(".members article")).to_have_count(len(before))
    assert {entity["id"] for entity in house.get("/context/entities?limit=100")["entities"]} >= set(entities[:2])


def test_split_and_undo(returning, open_page):
    house, entities = returning
    page = open_page(house, f"/visitors/{entities[0]}")
    before = members(page)
    page.locator(".member").first.get_by_role("checkbox").check()
    page.get_by_label("The chosen pictures show somebody else, named").fill("Somebody else")
    page.get_by_role("button", name="Split off").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state()
    names = {entity["name"]: entity for entity in house.get("/context/entities?limit=100")["entities"]}
    assert names["Somebody else"]["occurrence_count"] == 1
    page.goto(f"/visitors/{entities[0]}")
    assert set(members(page)) == set(before[1:])
    page.goto("/visitors")
    page.get_by_text("Recent decisions").click()
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    page.goto(f"/visitors/{entities[0]}")
    expect(page.locator(".members article")).to_have_count(len(before))


def test_decisions_are_kept_when_the_events_are_embedded_and_grouped_anew(returning, open_page):
    house, entities = returning
    page = open_page(house, f"/visitors/{entities[0]}")
    before = members(page)
    taken = before[0]
    page.locator(".member").first.get_by_role("button", name=re.compile("^Not this one")).click()
    expect(page.locator(f".members article[data-id='{taken}']")).to_have_count(0)
    page.get_by_label("Name", exact=True).fill("Kept")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept")
    # Another event that looks the same is grouped with the rest, and the one taken out stays out.
    house.event(pictures.scenes(24)["red-car-morning"], camera="drive", time="2026-04-28T09:00:00Z", text="again",
                objects=["vehicle"])
    house.stop()
    house.start()
    house.wait_until_indexed()
    page.goto(f"/visitors/{entities[0]}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept")
    assert taken not in members(page)


def test_an_event_is_put_to_another_visitor_from_its_own_page(returning, open_page):
    house, entities = returning
    event = house.get(f"/context/entities/{entities[0]}")["recent_events"][0]["id"]
    page = open_page(house, f"/events/{event}")
    page.get_by_text("Change", exact=True).click()
    page.get_by_label("This is", exact=True).select_option(value=entities[1])
    page.get_by_role("button", name="Put there").click()
    page.wait_for_load_state()
    assert house.get(f"/events/{event}")["matched_entity"]["id"] == entities[1]


def test_chosen_look_alikes_are_grouped_into_one_visitor_and_undo_parts_them(returning, open_page):
    house, entities = returning
    event = house.get(f"/context/entities/{entities[0]}")["recent_events"][0]["id"]
    page = open_page(house, "/")
    page.locator(f"#e-{event}").get_by_role("link", name=re.compile("^Similar")).click()
    panel = page.get_by_role("complementary", name="Similar events")
    expect(panel.get_by_role("checkbox").first).to_be_visible()
    button = panel.get_by_role("button", name="Group into one visitor")
    expect(button).to_be_hidden()
    chosen = [box.get_attribute("value") for box in panel.get_by_role("checkbox").all()[:3]]
    before = {other: house.get(f"/events/{other}")["matched_entity"] for other in chosen}
    for other in chosen:
        panel.locator(f"input[value='{other}']").check()
    expect(button).to_be_in_viewport()
    button.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_url("**/visitors/*")
    assert set(members(page)) >= {event, *chosen}
    expect(page.get_by_role("status").filter(has_text="grouped as")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    page.wait_for_load_state()
    after = {other: house.get(f"/events/{other}")["matched_entity"] for other in chosen}
    assert {other: entity and entity["id"] for other, entity in after.items()} == {
        other: entity and entity["id"] for other, entity in before.items()}


def test_look_alikes_are_offered_and_what_is_different_is_not_offered_again(returning, open_page):
    house, entities = returning
    page = open_page(house, f"/visitors/{entities[0]}")
    page.get_by_role("link", name="Who looks alike?").click()
    cards = page.get_by_role("article")
    expect(cards.first).to_be_visible()
    count = cards.count()
    assert 1 <= count <= 20
    first = cards.first.get_by_role("heading").inner_text()
    page.get_by_role("button", name=re.compile("^Different")).first.click()
    expect(page.get_by_text(re.compile("kept apart"))).to_be_visible()
    assert first not in page.get_by_role("article").get_by_role("heading").all_inner_texts()
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    page.wait_for_load_state()
    page.goto(f"/visitors/{entities[0]}/alike")
    expect(cards).to_have_count(count)
    assert cards.first.get_by_role("heading").inner_text() == first
    page.get_by_role("button", name=re.compile("^Same")).first.click()
    expect(cards).to_have_count(count - 1)
    assert house.get(f"/context/entities/{entities[0]}")["occurrence_count"] > 2
