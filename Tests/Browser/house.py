# SPDX-License-Identifier: MIT
"""A real server on a data directory of its own, and what the tests ask of it beside the browser."""

import base64
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid

PROGRAM = os.environ["AFTERIMAGE_BROWSER_PROGRAM"]
WEIGHTS = os.environ["AFTERIMAGE_BROWSER_WEIGHTS"]


def environment(extra):
    """Variables of the server: none of ours but those that a test sets."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AFTERIMAGE_")}
    return plain | {"TZ": "Europe/Berlin"} | extra


def run(*arguments, check=True):
    """Runs a command of the program and returns what it prints."""
    result = subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120, env=environment({}))
    assert not check or result.returncode == 0, f"{arguments}: {result.stderr}"
    return result.stdout


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status, text):
        super().__init__(f"{status}: {text[:300]}")
        self.status = status


class House:
    """A server; ends with the `with` it was started in."""

    def __init__(self, copy_of=None, weights=WEIGHTS, port=0, options=(), **variables):
        self.data = pathlib.Path(tempfile.mkdtemp(prefix="afterimage-browser-"))
        if copy_of:
            shutil.copytree(copy_of, self.data, dirs_exist_ok=True)
        self.weights = weights
        self.options = options
        self.variables = variables
        self.key = variables.get("AFTERIMAGE_API_KEY")
        self.port = port
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def start(self):
        """Starts it, on the same port as before when there was one."""
        self.log = open(self.data / "server.log", "ab")
        begin = self.log.tell()
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(self.port), "--data-dir", str(self.data), "--weights", str(self.weights),
             "--log-level", "warning", *self.options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=environment(self.variables))
        for _ in range(1200):
            text = (self.data / "server.log").read_bytes()[begin:].decode()
            match = re.search(r"listening on http://[^\s]*:(\d+)", text)
            if match:
                self.port = int(match[1])
                self.address = f"http://127.0.0.1:{self.port}"
                return
            assert self.process.poll() is None, f"the server did not start:\n{text}"
            time.sleep(0.05)
        raise AssertionError("the server does not listen")

    def stop(self, number=signal.SIGTERM):
        """Stops it and waits."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        self.log.close()

    # What a camera's script does.

    def send(self, method, path, body=None, headers=None):
        """Sends a request to the API and returns its JSON."""
        headers = {"Content-Type": "application/json"} | (headers or {})
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode(errors="replace")) from None
        return json.loads(content) if content else None

    def get(self, path):
        return self.send("GET", "/api/v1" + path)

    def post(self, path, body=None, **headers):
        return self.send("POST", "/api/v1" + path, body, headers)

    def event(self, picture=None, camera="front door", time="2026-05-14T16:02:03Z", text="an event",
              objects=("person",), wait=30, **fields):
        """Creates an event and returns it, embedded unless `wait` is 0."""
        body = {
            "id": str(uuid.uuid4()), "camera_id": camera, "timestamp": time, "description": text, "confidence": 90,
            "objects_detected": list(objects), "source_type": "upload",
            "thumbnail_base64": base64.b64encode(picture).decode() if picture else None} | fields
        return self.post("/events", body, **({"Prefer": f"wait={wait}"} if wait else {}))

    def post_scenes(self):
        """Sends the sample scenes and waits until they are indexed."""
        run("post", "--scenes", "--server", self.address)

    def wait_until_indexed(self, seconds=90):
        """Waits until no event is pending."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.get("/context/embeddings/stats")["pending"] == 0:
                return
            time.sleep(0.1)
        raise AssertionError("events are still pending")

    def wait_until_ready(self, event, seconds=60):
        """Waits until the embedding of an event is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            state = self.get(f"/events/{event['id']}")
            if state["embedding_state"] == "ready":
                return
            time.sleep(0.1)
        raise AssertionError(f"the event is {state['embedding_state']}: {state['embedding_error']}")
