# SPDX-License-Identifier: MIT
"""Look-alikes and searches find what the embeddings say, in that order, and say how sure they are."""

import json
import math
import re

import pytest
from playwright.sync_api import expect

import house
import pictures

SOURCE = "red car next morning"


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


@pytest.fixture(scope="module")
def vectors(tmp_path_factory):
    """The embedding of each scene, computed by the program without any server, under its description."""
    folder = tmp_path_factory.mktemp("scenes")
    names = list(pictures.scenes())
    for name in names:
        (folder / f"{name}.jpg").write_bytes(pictures.scenes()[name])
    lines = house.run("embed", *(folder / f"{name}.jpg" for name in names), "--weights", house.WEIGHTS).splitlines()
    return {name.replace("-", " "): json.loads(line)["embedding"] for name, line in zip(names, lines)}


def ranking(vectors, query):
    """Descriptions by likeness to a vector, the most alike first."""
    return sorted(vectors, key=lambda name: -cosine(vectors[name], query))


def descriptions(articles):
    """What the cards show, in their order."""
    return [text for text in articles.locator(".said").all_inner_texts()]


def card(page, text):
    return page.get_by_role("article").filter(has_text=re.compile(rf"\b{text}\b"))


def open_similar(page, text=SOURCE):
    card(page, text).first.get_by_role("link", name=re.compile("^Similar")).click()
    panel = page.get_by_role("complementary", name="Similar events")
    expect(panel).to_be_visible()
    return panel


def test_the_nearest_event_comes_first_and_back_returns_to_the_place(sample, open_page, vectors):
    page = open_page(sample)
    card(page, SOURCE).first.get_by_role("link", name=re.compile("^Similar")).hover()
    page.wait_for_timeout(200)
    before = page.evaluate("scrollY"), page.url
    panel = open_similar(page)
    assert page.url != before[1], "the panel stands in the address"
    results = panel.locator(".results").get_by_role("article")
    expect(results.first).to_be_visible()
    nearest = [name for name in ranking(vectors, vectors[SOURCE]) if name != SOURCE]
    shown = descriptions(results)
    assert shown[0] == nearest[0]
    assert shown == [name for name in nearest if name in shown], "in the order of likeness"
    assert SOURCE in panel.locator(".pinned").inner_text()
    address = page.url
    page.go_back()
    expect(panel).to_be_hidden()
    assert page.url == before[1]
    page.wait_for_timeout(200)
    assert abs(page.evaluate("scrollY") - before[0]) <= 2
    page.go_forward()
    expect(panel).to_be_visible()
    assert page.url == address
    expect(results.first).to_contain_text(nearest[0])


def test_the_panel_s_address_shows_the_same_to_who_opens_it(sample, open_page, vectors):
    page = open_page(sample)
    panel = open_similar(page)
    expect(panel.locator(".results").get_by_role("article").first).to_be_visible()
    shown = descriptions(panel.locator(".results").get_by_role("article"))
    other = open_page(sample, page.url)
    again = other.get_by_role("complementary", name="Similar events")
    expect(again.locator(".results").get_by_role("article").first).to_be_visible()
    assert descriptions(again.locator(".results").get_by_role("article")) == shown


def test_scores_are_words_with_the_number_behind_them(sample, open_page):
    page = open_page(sample)
    panel = open_similar(page)
    marks = panel.locator(".results .mark[title]")
    expect(marks.first).to_be_visible()
    for mark in marks.all():
        assert re.match(r"(very similar|similar|weak)", mark.inner_text(), re.I), mark.inner_text()
        assert re.search(r"\d", mark.get_attribute("title"))


def test_toggles_and_the_date_range_narrow_the_panel(sample, open_page):
    page = open_page(sample)
    panel = open_similar(page)
    expect(panel.locator(".results").get_by_role("article").first).to_be_visible()
    camera = panel.locator(".pinned").get_by_role("heading", level=3).get_by_role("link").inner_text()
    panel.get_by_role("link", name=re.compile("same camera", re.I)).click()
    expect(panel.get_by_role("link", name=re.compile("same camera", re.I))).to_have_attribute("aria-current", "true")
    cameras = panel.locator(".results").get_by_role("heading", level=3).get_by_role("link").all_inner_texts()
    assert cameras and set(cameras) == {camera}
    panel.get_by_role("link", name=re.compile("other cameras", re.I)).click()
    expect(panel.get_by_role("link", name=re.compile("other cameras", re.I))).to_have_attribute("aria-current", "true")
    cameras = panel.locator(".results").get_by_role("heading", level=3).get_by_role("link").all_inner_texts()
    assert cameras and camera not in cameras


def test_where_nothing_is_alike_the_panel_says_so(sample, open_page):
    page = open_page(sample, "/?q=hours%3A04-05")
    expect(page.get_by_role("article").first).to_be_visible()
    text = page.get_by_role("article").first.locator(".said").inner_text()
    panel = open_similar(page, text)
    words = panel.locator(".none, .summary, .divider").first
    expect(words).to_be_visible()
    if panel.locator(".results:not(.faint) article").count() == 0:
        expect(panel.get_by_text(re.compile(r"No close match in [\d,]+ indexed events"))).to_be_visible()


def test_words_find_what_their_embedding_is_nearest_to(sample, open_page, vectors):
    line = house.run("embed", "--text", "a photo of a delivery van", "--weights", house.WEIGHTS, check=False)
    if "embedding" not in line:
        pytest.skip("these weights have no vocabulary, so that words cannot be searched for")
    expected = ranking(vectors, json.loads(line)["embedding"])
    page = open_page(sample)
    page.get_by_role("combobox", name="Search events").fill("a delivery van")
    page.get_by_role("combobox", name="Search events").press("Enter")
    found = page.get_by_role("region", name="By look").get_by_role("article")
    expect(found.first).to_be_visible()
    shown = descriptions(found)
    assert shown[:5] == expected[:5]


def test_words_need_a_vocabulary_and_filters_do_not(own, open_page):
    own.stop()
    own.weights = own.data / "no-vocabulary.safetensors"
    house.run("weights", "synthesize", "--out", own.weights)
    own.start()
    page = open_page(own)
    page.watch.allow(r"(answer|status of) 503")
    page.get_by_role("combobox", name="Search events").fill("a delivery van")
    page.get_by_role("combobox", name="Search events").press("Enter")
    expect(page.get_by_text(re.compile("vocabulary")).first).to_be_visible()
    page.get_by_role("combobox", name="Search events").fill("label:person")
    page.get_by_role("combobox", name="Search events").press("Enter")
    expect(page.get_by_role("article").first).to_be_visible()


def test_like_finds_the_same_as_the_panel(sample, open_page, vectors):
    page = open_page(sample)
    identifier = card(page, SOURCE).first.get_attribute("data-id")
    page.get_by_role("combobox", name="Search events").fill(f"like:{identifier}")
    page.get_by_role("combobox", name="Search events").press("Enter")
    found = page.get_by_role("region", name="By look").get_by_role("article")
    expect(found.first).to_be_visible()
    nearest = [name for name in ranking(vectors, vectors[SOURCE]) if name != SOURCE]
    assert descriptions(found)[0] == nearest[0]
