# SPDX-License-Identifier: MIT
"""A browser, servers, and pages that are watched."""

import os
import pathlib

import pytest
from playwright.sync_api import sync_playwright

import crowd
from house import House
from watch import Watch

FAILURES = pathlib.Path(os.environ.get("AFTERIMAGE_BROWSER_FAILURES", "browser-failures"))
CHROMIUM = os.environ.get("AFTERIMAGE_BROWSER_CHROMIUM", "/usr/bin/chromium")
#: Where the browser is; the server stands in Europe/Berlin.
TIME_ZONE = "America/New_York"


@pytest.fixture(scope="session")
def chromium():
    # Nothing but this machine has a name or a way.
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-background-networking",
                 "--disable-component-update", "--disable-gpu", "--no-first-run", "--force-color-profile=srgb"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=arguments, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    setattr(item, f"report_{report.when}", report)


@pytest.fixture
def open_page(chromium, request):
    """Opens pages of a server; what goes wrong in them fails the test, and a failure keeps a picture."""
    contexts = []

    def open_page(house, path="/", **options):
        options = {"viewport": {"width": 1280, "height": 900}, "timezone_id": TIME_ZONE, "locale": "en-GB"} | options
        context = chromium.new_context(base_url=house.address, **options)
        context.set_default_timeout(10_000)
        watch = Watch(context, house.address)
        contexts.append((context, watch))
        page = context.new_page()
        page.watch = watch
        if path is not None:
            page.goto(path)
        return page

    yield open_page
    failed = getattr(request.node, "report_call", None) is None or request.node.report_call.failed
    faults = []
    for number, (context, watch) in enumerate(contexts):
        try:
            watch.check()
        except AssertionError as error:
            faults.append(str(error))
        for place, page in enumerate(context.pages):
            if failed or faults:
                FAILURES.mkdir(parents=True, exist_ok=True)
                name = f"{request.node.name}-{number}-{place}".replace("/", "-")
                try:
                    page.screenshot(path=FAILURES / f"{name}.png", full_page=False)
                    (FAILURES / f"{name}.html").write_text(page.content())
                except Exception as error:  # The page may be gone; the test's own failure matters more.
                    print(f"no screenshot: {error}")
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="session")
def furnished():
    """A data directory with the sample scenes, all embedded; to be copied."""
    with House(options=["--preload"]) as house:
        house.post_scenes()
        house.stop()
        yield house.data


@pytest.fixture(scope="session")
def sample(furnished):
    """A server with the sample scenes, for tests that change nothing."""
    with House(copy_of=furnished, options=["--preload"]) as house:
        yield house


@pytest.fixture
def own(furnished):
    """A server with the sample scenes that the test may change."""
    with House(copy_of=furnished) as house:
        yield house


@pytest.fixture(scope="session")
def crowded():
    """A server with ten thousand events."""
    with House() as house:
        house.stop()
        crowd.fill(house.data, 10_000)
        house.start()
        yield house
