# SPDX-License-Identifier: MIT
"""The vector search in turn with numpy, faiss, usearch and sqlite-vec.

Run by Benchmarks/compare-search, which prepares the environment.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

import numpy

PEERS = "numpy,faiss-flat,usearch-f32,usearch-i8,sqlite-vec"


def options():
    parser = argparse.ArgumentParser(prog="Benchmarks/compare-search", description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--counts", default="100000,1000000", help="numbers of vectors (default: %(default)s)")
    parser.add_argument("--peers", default=PEERS, help="engines (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each engine (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each engine (default: %(default)s)")
    return parser.parse_args()


def make_vectors(folder, count, dimension=512):
    """Writes unit vectors around two hundred centres, and ten queries near some of them, unless they are there."""
    vectors, queries = folder / f"vectors-{count}.npy", folder / f"queries-{count}.npy"
    if vectors.exists() and queries.exists():
        return vectors, queries
    random = numpy.random.default_rng(20261123)
    centres = random.standard_normal((200, dimension), dtype=numpy.float32)
    rows = numpy.lib.format.open_memmap(vectors, mode="w+", dtype=numpy.float32, shape=(count, dimension))
    for start in range(0, count, 50_000):
        block = rows[start : start + 50_000]
        noise = random.standard_normal(block.shape, dtype=numpy.float32)
        made = 0.7 * noise + centres[random.integers(0, len(centres), len(block))]
        block[:] = made / numpy.linalg.norm(made, axis=1, keepdims=True)
    rows.flush()
    near = rows[random.integers(0, count, 10)] + 0.02 * random.standard_normal((10, dimension), dtype=numpy.float32)
    numpy.save(queries, (near / numpy.linalg.norm(near, axis=1, keepdims=True)).astype(numpy.float32))
    return vectors, queries


class Engine:
    """A process that answers one JSON line for each line."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def main():
    settings = options()
    settings.folder.mkdir(parents=True, exist_ok=True)
    for count in map(int, settings.counts.split(",")):
        vectors, queries = make_vectors(settings.folder, count)
        files = [str(vectors), str(queries)]
        ours = Engine([
            str(settings.program), "--search-vectors", files[0], "--search-queries", files[1], "--threads",
            str(settings.threads)])
        peers = Engine([
            sys.executable, str(pathlib.Path(__file__).with_name("search_worker.py")), "--vectors", files[0],
            "--queries", files[1], "--threads", str(settings.threads)])
        print(f"{count} vectors of 512 numbers, top 10, {settings.threads} threads, median ms a search")
        for name in settings.peers.split(","):
            compare(name, count, settings.rounds, ours, peers)
        ours.stop()
        peers.stop()


def compare(name, count, rounds, ours, peers):
    """Ours and one peer in turns; the first search after loading is counted by neither."""
    times = {"ours": [], name: []}
    for _ in range(rounds):
        mine = ours.ask({"count": count, "runs": 3})
        other = peers.ask({"engine": name, "count": count, "runs": 1})
        times["ours"] += mine["milliseconds"]
        times[name] += other["milliseconds"]
    peers.ask({"engine": "none"})
    here, there = statistics.median(times["ours"]), statistics.median(times[name])
    same = "same ids" if mine["top10"] == other["top10"] else "other ids"
    print(f"  ours {here:8.2f}   {name:12} {there:8.2f}   {there / here:5.2f} times   {same}", flush=True)


main()
