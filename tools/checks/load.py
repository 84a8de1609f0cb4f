# SPDX-License-Identifier: MIT
"""The clients of tools/checks/load: standard library only, bare sockets, so that they take little of the two cores."""

import argparse
import base64
import glob
import json
import multiprocessing
import os
import random
import socket
import sqlite3
import sys
import time
import urllib.parse

# What the server promises, in milliseconds.
POST_MEDIAN, LIVEZ_P99, EVENT_P99, PAGE = 15.0, 20.0, 50.0, 20.0


class Connection:
    """One kept-alive HTTP/1.1 connection."""

    def __init__(self, address):
        parts = urllib.parse.urlsplit(address)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self, method, path, body=b""):
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self.socket.sendall(head.encode() + b"\r\n" + body)
        while b"\r\n\r\n" not in self.buffer:
            self._receive()
        head, _, rest = self.buffer.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        length = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:"))
        self.buffer = rest
        while len(self.buffer) < length:
            self._receive()
        answer, self.buffer = self.buffer[:length], self.buffer[length:]
        return int(lines[0].split()[1]), answer

    def _receive(self):
        chunk = self.socket.recv(1 << 18)
        if not chunk:
            raise ConnectionError("the server hung up")
        self.buffer += chunk

    def json(self, path):
        status, body = self.send("GET", path)
        assert status == 200, (path, status, body[:300])
        return json.loads(body)


def timed(connection, method, path, body=b""):
    start = time.perf_counter()
    status, answer = connection.send(method, path, body)
    return (time.perf_counter() - start) * 1000, status, answer


def quantile(values, fraction):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(fraction * len(ordered)))] if ordered else float("nan")


def report(name, values, bound, fraction):
    reached = quantile(values, fraction)
    verdict = "" if bound is None else f"   bound {bound:.0f} ms at p{fraction * 100:.0f}: " + (
        "ok" if reached <= bound else "EXCEEDED")
    print(
        f"{name:<28} n {len(values):>6}   p50 {quantile(values, 0.5):7.2f}   p99 {quantile(values, 0.99):7.2f}"
        f"   max {max(values):7.2f} ms{verdict}", flush=True)
    return bound is None or reached <= bound


# MARK: posts


def poster(address, client, bodies, shared, last_id):
    """Posts until `shared` says that enough was posted; sends its latencies back."""
    connection = Connection(address)
    latencies = []
    generator = random.Random(client)
    while True:
        with shared.get_lock():
            if shared.value <= 0:
                break
            shared.value -= 1
        milliseconds, status, answer = timed(connection, "POST", "/api/v1/events", generator.choice(bodies))
        if status != 201:
            raise SystemExit(f"POST gave {status}: {answer[:300]!r}")
        latencies.append(milliseconds)
        if len(latencies) % 10 == 1:
            last_id.value = json.loads(answer)["id"].encode()
    return latencies


def poster_process(queue, *arguments):
    try:
        queue.put(poster(*arguments))
    except BaseException as error:
        queue.put(str(error))
        raise


def watcher(address, last_id, stop, queue):
    """Asks for the health and for single events, over and over; in a process of its own, before the others."""
    try:
        # Measures the server and not its own turn on the cores; where that is not allowed, it measures both.
        os.nice(-10)
    except OSError:
        pass
    connection = Connection(address)
    livez, events = [], []
    while not stop.value:
        milliseconds, status, _ = timed(connection, "GET", "/livez")
        assert status == 200
        livez.append(milliseconds)
        if last_id.value:
            milliseconds, status, _ = timed(connection, "GET", "/api/v1/events/" + last_id.value.decode())
            assert status == 200
            events.append(milliseconds)
        time.sleep(0.01)
    queue.put((livez, events))


def resident_megabytes(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


def posts(options):
    pictures = sorted(glob.glob(options.pictures + "/*.jpg"))
    assert pictures, "no pictures"
    bodies = []
    for index, path in enumerate(pictures):
        with open(path, "rb") as file:
            picture = base64.b64encode(file.read()).decode()
        bodies.append(json.dumps({
            "camera_id": f"camera-{index % 4}", "timestamp": f"2026-05-14T18:{index % 60:02}:03Z",
            "description": f"Picture {index} of a load.", "confidence": index % 101,
            "objects_detected": ["person", "vehicle"], "thumbnail_base64": picture,
        }).encode())
    shared = multiprocessing.Value("q", options.events)
    last_id = multiprocessing.Array("c", 64)
    stop = multiprocessing.Value("b", 0)
    queue, watched = multiprocessing.Queue(), multiprocessing.Queue()
    watch = multiprocessing.Process(target=watcher, args=(options.address, last_id, stop, watched))
    watch.start()
    clients = [
        multiprocessing.Process(target=poster_process, args=(queue, options.address, i, bodies, shared, last_id))
        for i in range(4)
    ]
    start = time.monotonic()
    for client in clients:
        client.start()
    memory, results = [], []
    while len(results) < len(clients):
        memory.append((options.events - max(0, shared.value), resident_megabytes(options.pid)))
        while not queue.empty():
            results.append(queue.get())
        time.sleep(0.1)
    seconds = time.monotonic() - start
    for result in results:
        if isinstance(result, str):
            stop.value = 1
            sys.exit(result)
    connection = Connection(options.address)
    pending = connection.json("/api/v1/context/embeddings/stats")["pending"]
    # A little longer, when posting was over too soon to see the embedder at work.
    time.sleep(max(0, min(10 - seconds, pending / 50)))
    stop.value = 1
    livez, events = watched.get()
    watch.join()

    print(f"{options.events} events in {seconds:.1f} s, {options.events / seconds:.0f} a second; "
          f"{pending} still waited for their embedding at the end")
    good = report("POST /events", sum(results, []), POST_MEDIAN, 0.5)
    good &= report("GET /livez", livez, LIVEZ_P99, 0.99)
    good &= report("GET /events/{id}", events, EVENT_P99, 0.99)
    if pending == 0:
        print("the embedder was not saturated: nothing waited at the end", flush=True)
    if options.drain:
        while connection.json("/api/v1/context/embeddings/stats")["pending"] > 0:
            memory.append((options.events, resident_megabytes(options.pid)))
            time.sleep(1)
        print(f"all embedded {time.monotonic() - start:.0f} s after the first POST")
    good &= memory_is_flat(memory, options.events)
    sys.exit(0 if good else 1)


def memory_is_flat(memory, count):
    """Compares the second quarter of the events with the last: buffers are grown by then, only leaks go on."""
    early = [size for done, size in memory if count / 4 <= done < count / 2]
    late = [size for done, size in memory if done >= count * 3 / 4]
    if not early or not late:
        print("memory: too few samples")
        return True
    grown = max(late) - max(early)
    is_flat = grown <= 0.1 * max(early) + 16
    print(f"memory: {memory[0][1]:.0f} MB at the start, at most {max(early):.0f} MB in the second quarter of the events, "
          f"{max(late):.0f} MB from the last on: " + ("flat" if is_flat else "GROWING"), flush=True)
    return is_flat


# MARK: pages


def rows(options):
    """Fills the table `events` as other programs that know its columns may."""
    database = sqlite3.connect(options.database)
    database.execute("PRAGMA foreign_keys = ON")
    generator = random.Random(1)
    objects = ["person", "vehicle", "animal", "package", "unknown"]
    words = "person walks red car parks dog runs package lies at the door night rain".split()
    with database:
        for camera in range(8):
            database.execute(
                "INSERT INTO cameras (id, name, created_at) VALUES (?, ?, ?)",
                (f"camera-{camera}", f"Camera {camera}", "2026-01-01 00:00:00.000000"))
        database.executemany(
            "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected, thumbnail_path, "
            "alert_triggered, source_type, smart_detection_type, is_doorbell_ring, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, NULL, 0, 'rtsp', ?, 0, ?)",
            (row(index, generator, objects, words) for index in range(options.rows)))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def row(index, generator, objects, words):
    second = index * 300
    moment = time.strftime("%Y-%m-%d %H:%M:%S.000000", time.gmtime(1735689600 + second))
    return (
        "%08x-0000-4000-8000-%012x" % (generator.getrandbits(32), index), f"camera-{generator.randrange(8)}", moment,
        " ".join(generator.choices(words, k=12)), generator.randrange(101),
        json.dumps(generator.sample(objects, generator.randrange(1, 3))), generator.choice(["person", "ring", None]),
        moment)


def pages(options):
    connection = Connection(options.address)
    good = True
    for order in ["desc", "asc"]:
        good &= walk(connection, options.rows, order)
    single = [
        ("first page of 500", {"limit": 500}, PAGE),
        ("last page (oldest first)", {"limit": 50, "sort_order": "asc"}, PAGE),
        ("one camera", {"camera_id": "camera-3"}, None),
        ("a week", {"start_time": "2025-06-01T00:00:00Z", "end_time": "2025-06-08T00:00:00Z"}, None),
        ("confidence from 90", {"min_confidence": 90}, None),
        ("two object types", {"object_types": "animal,package"}, None),
        ("detection type", {"smart_detection_type": "ring"}, None),
        ("state", {"embedding_state": "no_thumbnail"}, None),
        ("words", {"search_query": "red car"}, None),
        ("words, camera, type", {"search_query": "dog", "camera_id": "camera-1", "object_types": "person"}, None),
        ("offset 50,000", {"offset": 50000}, None),
        ("offset of the last page", {"offset": options.rows - 50}, None),
    ]
    for name, query, bound in single:
        path = "/api/v1/events?" + urllib.parse.urlencode(query)
        latencies = [timed(connection, "GET", path) for _ in range(15)]
        assert all(status == 200 for _, status, _ in latencies), latencies[0][2][:300]
        good &= report(name, [milliseconds for milliseconds, _, _ in latencies], bound, 0.5)
    sys.exit(0 if good else 1)


def walk(connection, count, order):
    """Follows the cursor through all pages; a page that took too long is asked for twice more."""
    latencies, seen, cursor = [], 0, None
    while True:
        query = {"limit": 50, "sort_order": order} | ({"before": cursor} if cursor else {})
        path = "/api/v1/events?" + urllib.parse.urlencode(query)
        milliseconds, status, answer = timed(connection, "GET", path)
        assert status == 200, answer[:300]
        for _ in range(2):
            if milliseconds > PAGE:
                milliseconds = min(milliseconds, timed(connection, "GET", path)[0])
        latencies.append(milliseconds)
        page = json.loads(answer)
        assert page["total_count"] == count, page["total_count"]
        seen += len(page["events"])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == count, f"{seen} events in all pages"
    return report(f"every page of 50, {order}", latencies, PAGE, 1.0)


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("posts")
    command.add_argument("--address", required=True)
    command.add_argument("--pid", type=int, required=True)
    command.add_argument("--events", type=int, required=True)
    command.add_argument("--pictures", required=True)
    command.add_argument("--drain", action="store_true")
    command = commands.add_parser("rows")
    command.add_argument("--database", required=True)
    command.add_argument("--rows", type=int, required=True)
    command = commands.add_parser("pages")
    command.add_argument("--address", required=True)
    command.add_argument("--rows", type=int, required=True)
    options = parser.parse_args()
    {"posts": posts, "rows": rows, "pages": pages}[options.command](options)


if __name__ == "__main__":
    main()
