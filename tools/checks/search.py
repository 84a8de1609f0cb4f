# SPDX-License-Identifier: MIT
"""What tools/checks/search measures: standard library only."""

import argparse
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import datetime, timedelta, timezone

from load import Connection, report, timed

# What the server promises: seconds to the first answer for 1,000,000 events, milliseconds of an answer over HTTP for
# 10,000, milliseconds for a new event to get into the index.
WITH_CACHE, WITHOUT_CACHE, ANSWER, ADDITION = 3.0, 60.0, 10.0, 1.0
VERSION = "stand-in-ViT-B-32-v1"
NUMBERS = 1 << 16


def fill(options):
    generator = random.Random(7)
    # Numbers written once, drawn again and again: a million vectors in minutes without a library.
    numbers = [repr(round(generator.gauss(0, 0.044), 8)) for _ in range(NUMBERS)]
    database = sqlite3.connect(os.path.join(options.data_dir, "afterimage.sqlite"), isolation_level=None)
    database.execute("PRAGMA synchronous=OFF")
    cameras = [f"camera-{number}" for number in range(4)]
    begin = datetime.now(timezone.utc) - timedelta(seconds=2 * options.events)
    for first in range(0, options.events, 10_000):
        database.execute("BEGIN")
        if first == 0:
            database.executemany(
                "INSERT OR IGNORE INTO cameras(id, name, created_at) VALUES (?, ?, ?)",
                [(camera, camera, text(begin)) for camera in cameras])
        for number in range(first, min(first + 10_000, options.events)):
            event = str(uuid.UUID(int=generator.getrandbits(128), version=4))
            at = text(begin + timedelta(seconds=2 * number))
            database.execute(
                "INSERT INTO events(id, camera_id, timestamp, description, confidence, objects_detected, object_mask,"
                " thumbnail_path, thumbnail_file, source_type, created_at)"
                " VALUES (?, ?, ?, 'something moved', 50, '[\"animal\"]', 4, ?, ?, 'rtsp', ?)",
                (event, cameras[number % 4], at, f"thumbnails/{at[:10]}/{event}.jpg", f"{at[:10]}/{event}.jpg", at))
            vector = "[" + ", ".join(generator.choices(numbers, k=512)) + "]"
            database.execute(
                "INSERT INTO event_embeddings(id, event_id, embedding, model_version, created_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (str(uuid.UUID(int=generator.getrandbits(128), version=4)), event, vector, VERSION, at))
        # Random vectors recur nowhere; nothing is to be learnt from matching them.
        database.execute("DELETE FROM recurrence_queue")
        database.execute("COMMIT")


def text(moment):
    return moment.strftime("%Y-%m-%d %H:%M:%S.000000")


class Server:
    """The real server on the data directory, from its start to its end."""

    def __init__(self, options):
        self.log = tempfile.TemporaryFile()
        self.started = time.perf_counter()
        environment = {name: value for name, value in os.environ.items() if name != "AFTERIMAGE_API_KEY"}
        self.process = subprocess.Popen(
            [options.program, "serve", "--port", "0", "--data-dir", options.data_dir, "--weights", options.weights,
             "--log-level", "warning", "--recurrence", "off"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT, env=environment)
        while True:
            self.log.seek(0)
            found = re.search(rb"^listening on (http:\S+)$", self.log.read(), re.MULTILINE)
            if found:
                break
            if self.process.poll() is not None:
                raise SystemExit("the server did not start")
            time.sleep(0.01)
        self.connection = Connection(found.group(1).decode())
        self.events = [event["id"] for event in self.connection.json("/api/v1/events?limit=200")["events"]]

    def similar(self, event):
        path = f"/api/v1/context/similar/{event}?min_similarity=0&time_window_days=365"
        milliseconds, status, answer = timed(self.connection, "GET", path)
        if status != 200 or len(json.loads(answer)["similar_events"]) != 10:
            raise SystemExit(f"{path} gave {status}: {answer[:300]!r}")
        return milliseconds

    def seconds_to_first_answer(self):
        self.similar(self.events[0])
        return time.perf_counter() - self.started

    def megabytes(self, name):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(name)) / 1000

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=60) != 0:
            raise SystemExit(f"the server ended with {self.process.returncode}")


def start(options, bound):
    server = Server(options)
    seconds = server.seconds_to_first_answer()
    # The bounds are promised for a million events; fewer are no excuse for more.
    verdict = "ok" if seconds <= bound else "EXCEEDED"
    print(
        f"{options.events} events: first answer {seconds:.2f} s after the start (bound {bound:.0f} s: {verdict}),"
        f" memory {server.megabytes('VmRSS'):.0f} MB, at most {server.megabytes('VmHWM'):.0f} MB", flush=True)
    cache = os.path.join(options.data_dir, "afterimage.index")
    deadline = time.monotonic() + 120
    while not os.path.exists(cache) and time.monotonic() < deadline and options.events > 100_000:
        time.sleep(0.1)
    server.stop()
    if not os.path.exists(cache):
        raise SystemExit("the server left no cache")
    print(f"the cache has {os.path.getsize(cache) / 1e6:.0f} MB")
    return seconds <= bound


def answers(options):
    server = Server(options)
    server.seconds_to_first_answer()
    latencies = [server.similar(event) for event in server.events]
    # Promised for 10,000 events; more are reported without a bound.
    good = report("similar, over HTTP", latencies, ANSWER if options.events <= 10_000 else None, 0.5)
    server.stop()
    return good


def additions(options):
    with open(os.path.join(options.data_dir, "additions.json"), encoding="utf-8") as file:
        found = json.load(file)
    return found["add_median_ms"] <= ADDITION


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "step", choices=["fill", "start-without-cache", "start-with-cache", "answers", "additions"])
    parser.add_argument("--data-dir", required=True)
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--program")
    parser.add_argument("--weights")
    options = parser.parse_args()
    steps = {
        "fill": fill, "answers": answers, "additions": additions,
        "start-without-cache": lambda options: start(options, WITHOUT_CACHE),
        "start-with-cache": lambda options: start(options, WITH_CACHE),
    }
    sys.exit(0 if steps[options.step](options) in (None, True) else 1)


if __name__ == "__main__":
    main()
