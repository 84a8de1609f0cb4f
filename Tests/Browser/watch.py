# SPDX-License-Identifier: MIT
"""Keeps an eye on a page: whatever goes wrong in the browser fails the test, unless the test says it is meant."""

import re
import urllib.parse


class Watch:
    """What went wrong in one browser context."""

    def __init__(self, context, address):
        self.origin = urllib.parse.urlsplit(address).netloc
        self.faults = []
        self.allowed = []
        self.requests = 0
        context.on("page", self._watch)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def allow(self, pattern):
        """Says that faults which match are what the test is about."""
        self.allowed.append(re.compile(pattern))

    def _watch(self, page):
        page.on("console", lambda message: self._console(message))
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("crash", lambda: self.faults.append("the page crashed"))

    def _console(self, message):
        if message.type in ("error", "warning", "assert"):
            where = message.location.get("url", "") if message.location else ""
            self.faults.append(f"console {message.type}: {message.text} [{where}]")

    def _request(self, request):
        self.requests += 1
        url = urllib.parse.urlsplit(request.url)
        if url.scheme in ("data", "blob"):
            return
        if url.scheme != "http" or url.netloc != self.origin:
            self.faults.append(f"foreign request: {request.method} {request.url}")

    def _failed(self, request):
        # Leaving a page ends what it was still loading.
        if request.failure == "net::ERR_ABORTED":
            return
        self.faults.append(f"failed request: {request.method} {request.url}: {request.failure}")

    def _response(self, response):
        if response.status >= 400:
            self.faults.append(f"answer {response.status}: {response.request.method} {response.url}")

    def check(self):
        """Fails for what nobody said was meant."""
        rest = [fault for fault in self.faults if not any(pattern.search(fault) for pattern in self.allowed)]
        assert not rest, "in the browser:\n" + "\n".join(rest)
