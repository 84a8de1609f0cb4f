# SPDX-License-Identifier: MIT
"""A picture dropped on the page finds what looks like it; what is no picture is told so."""

import base64
import re

import pytest
from playwright.sync_api import expect

import pictures

DROP = """([text, name, type, filler]) => {
    const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes, new Uint8Array(filler)], name, {type}));
    const target = document.querySelector('main');
    for (const name of ['dragenter', 'dragover', 'drop']) {
        target.dispatchEvent(new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer: transfer}));
    }
}"""


def drop(page, content, name="picture.jpg", kind="image/jpeg", filler=0):
    page.evaluate(DROP, [base64.b64encode(content).decode(), name, kind, filler])


@pytest.mark.parametrize("name", ["red-car-night", "courier-with-parcel"])
def test_a_dropped_picture_finds_itself(sample, open_page, name):
    page = open_page(sample)
    drop(page, pictures.scenes()[name])
    found = page.get_by_role("main").locator(".results").get_by_role("article")
    expect(found.first).to_contain_text(name.replace("-", " "))
    expect(page.get_by_text(re.compile("was compared and not kept"))).to_be_visible()


def test_a_picture_can_be_chosen_without_dropping(sample, open_page):
    page = open_page(sample)
    page.locator("input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": pictures.png()})
    found = page.get_by_role("main").locator(".results").get_by_role("article")
    expect(found.first).to_contain_text("red car morning")


@pytest.mark.parametrize(
    "content, name, kind, filler",
    [
        (b"a letter", "letter.txt", "text/plain", 0),
        (b"%PDF-1.7 no picture", "letter.pdf", "application/pdf", 0),
        (None, "large.jpg", "image/jpeg", 20 << 20),
        (b"", "empty.jpg", "image/jpeg", 0),
        ("corrupt", "corrupt.jpg", "image/jpeg", 0),
    ], ids=["text", "pdf", "20 MB", "empty", "corrupt"])
def test_what_is_no_picture_is_told_so_and_the_page_stays_in_use(sample, open_page, content, name, kind, filler):
    page = open_page(sample)
    # The browser's own note on an answer that is an error; scripts must not add any.
    page.watch.allow(r"(answer|status of) (413|415|422)")
    content = pictures.corrupt() if content == "corrupt" else content
    drop(page, pictures.scenes()["red-car-morning"] if content is None else content, name, kind, filler)
    expect(page.get_by_role("alert").first).to_be_visible()
    assert len(page.get_by_role("alert").first.inner_text()) > 15
    page.get_by_role("combobox", name="Search events").fill("label:person")
    page.get_by_role("combobox", name="Search events").press("Enter")
    expect(page).to_have_url(re.compile("label"))
    expect(page.get_by_role("article").first).to_be_visible()
