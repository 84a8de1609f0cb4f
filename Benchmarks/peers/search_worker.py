# SPDX-License-Identifier: MIT
"""Peers of the vector search in one process, one in memory at a time.

    python search_worker.py --vectors FILE.npy --queries FILE.npy --threads N

Vectors [count, width] and queries [count, width] are float32 of unit length. Answers one JSON line for each line on
standard input, and is blocked on standard input in between:

    {"engine": "faiss-flat", "count": 100000, "runs": 5}
    RUN faiss-flat 100000                                   the same with one run; without a count, all vectors
        {"engine": …, "version": …, "threads": …, "count": …, "load_ms": …, "milliseconds": [one for each search],
         "median_ms": …, "min_ms": …, "top10": [row numbers, best first, for each query]}
    {"engine": "none"} or RUN none                          frees what is in memory
        {"engine": "none"}
    anything that cannot be done
        {"error": …}

A run searches for each query once, one after the other. The first search after an engine was loaded is not counted.
With `--once` it runs every engine once for each of `--counts` and ends; with `--make` it first writes the vectors and
queries, random ones, where they are missing.
"""

import argparse
import contextlib
import gc
import json
import os
import pathlib
import statistics
import sys
import time


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vectors", type=pathlib.Path, required=True)
    parser.add_argument("--queries", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--counts", type=lambda text: [int(part) for part in text.split(",")], default=[None])
    parser.add_argument("--make", type=int, metavar="COUNT")
    return parser.parse_args()


class Worker:
    """Holds at most one engine with the first `count` vectors."""

    def __init__(self, vectors, queries, threads):
        import numpy

        self.path, self.threads = vectors, threads
        self.vectors = numpy.load(vectors, mmap_mode="r")
        self.queries = numpy.load(queries)
        for name, array in (("vectors", self.vectors), ("queries", self.queries)):
            if array.ndim != 2 or array.dtype != numpy.float32:
                raise ValueError(f"the {name} are {array.dtype} {list(array.shape)}, expected float32 [count, width]")
        self.engine, self.held, self.load_ms = None, None, 0.0

    def answer(self, request):
        name, count = request["engine"], request.get("count") or len(self.vectors)
        if name == "none":
            self.free()
            return {"engine": name}
        if not 1 <= count <= len(self.vectors):
            raise ValueError(f"count is {count}, expected 1…{len(self.vectors)}")
        if self.held != (name, count):
            self.load(name, count)
        times, found = [], []
        for _ in range(max(1, request.get("runs", 1))):
            found = []
            for query in self.queries:
                start = time.perf_counter()
                rows = self.engine.search(query)
                times.append((time.perf_counter() - start) * 1000)
                found.append([int(row) for row in rows])
        return {
            "engine": name, "version": self.engine.version, "threads": self.engine.threads, "count": count,
            "load_ms": self.load_ms, "milliseconds": times, "median_ms": statistics.median(times),
            "min_ms": min(times), "top10": found}

    def load(self, name, count):
        import search_engines

        if name not in search_engines.STARTERS:
            raise ValueError(f"engine is {name!r}, expected {', '.join(search_engines.STARTERS)} or none")
        self.free()
        start = time.perf_counter()
        self.engine = search_engines.STARTERS[name](self.vectors[:count], self.path, self.threads)
        self.load_ms = (time.perf_counter() - start) * 1000
        self.engine.search(self.queries[0])
        self.held = (name, count)

    def free(self):
        if hasattr(self.engine, "close"):
            self.engine.close()
        self.engine, self.held = None, None
        gc.collect()


def parsed(line):
    """A request: a JSON object, or `RUN engine [count]`."""
    words = line.split()
    if words[:1] != ["RUN"]:
        return json.loads(line)
    if len(words) not in (2, 3):
        raise ValueError("expected RUN engine [count]")
    return {"engine": words[1]} | ({"count": int(words[2])} if len(words) == 3 else {})


def make(path, count, width, seed):
    """Writes random unit vectors, piece by piece, the same for the same seed."""
    import numpy

    generator = numpy.random.default_rng(seed)
    unfinished = path.with_name(path.name + ".unfinished")
    array = numpy.lib.format.open_memmap(unfinished, "w+", numpy.float32, (count, width))
    for start in range(0, count, 50_000):
        rows = generator.standard_normal((min(50_000, count - start), width), numpy.float32)
        array[start:start + len(rows)] = rows / numpy.linalg.norm(rows, axis=1, keepdims=True)
    array.flush()
    os.replace(unfinished, path)


def say(answer):
    print(json.dumps(answer), flush=True)


def run_all(worker, counts):
    import search_engines

    for count in counts:
        for name in search_engines.STARTERS:
            try:
                say(worker.answer({"engine": name, "count": count}))
            except Exception as error:
                say({"engine": name, "count": count, "error": f"{type(error).__name__}: {error}"})


def main():
    arguments = options()
    # Before numpy is imported, which reads them then.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(arguments.threads)
    if arguments.make:
        for path, count, seed in ((arguments.vectors, arguments.make, 1), (arguments.queries, 20, 2)):
            if not path.exists():
                make(path, count, 512, seed)
    worker = Worker(arguments.vectors, arguments.queries, arguments.threads)
    if arguments.once:
        run_all(worker, arguments.counts)
        return
    with contextlib.suppress(KeyboardInterrupt):
        for line in sys.stdin:
            try:
                say(worker.answer(parsed(line)))
            except Exception as error:
                say({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
