# SPDX-License-Identifier: MIT
"""One peer in a process of its own.

    python worker.py ENGINE --weights FILE --models FOLDER --threads N

Prints one line about itself, then answers one JSON line for each on standard input, as `afterimage-bench --worker`
does. Between two lines it is blocked on standard input.

    {"stage": "tower", "batch": 8, "runs": 5}                   {"milliseconds": [per image, one for each run]}
    {"stage": "whole", "image": "/a.jpg", "runs": 5}            {"milliseconds": […]}
    {"stage": "preprocess", "image": "/a.jpg", "runs": 5}       {"milliseconds": […]}
    {"stage": "embed", "image": "/a.jpg"}                       {"embedding": […]}

With `--once IMAGE` it embeds that image, prints its peak resident memory in kilobytes and ends: a cold start.
"""

import argparse
import json
import pathlib
import sys
import time

import numpy

import engines


def milliseconds(work, runs, images=1):
    """The time of each run, per image."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000 / images)
    return {"milliseconds": times}


def tower(engine, request):
    """Random pixels: the time does not depend on them. The same ones in every process."""
    shape = (request["batch"], 3, engines.SIDE, engines.SIDE)
    pixels = numpy.random.default_rng(0).standard_normal(shape, numpy.float32)
    return milliseconds(lambda: engine.tower(pixels), request["runs"], request["batch"])


def answer(engine, request):
    """The JSON object for one request; `unsupported` where the engine has no such stage."""
    work = {"tower": "tower", "preprocess": "preprocess"}.get(request["stage"], "embed")
    if not hasattr(engine, work):
        return {"unsupported": work}
    if request["stage"] == "tower":
        return tower(engine, request)
    data = pathlib.Path(request["image"]).read_bytes()
    if request["stage"] == "embed":
        return {"embedding": [float(value) for value in engine.embed(data)], "note": engine.note}
    return milliseconds(lambda: getattr(engine, work)(data), request["runs"])


def peak_resident_kilobytes():
    """`VmHWM` of this process."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("engine")
    parser.add_argument("--weights", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--once")
    arguments = parser.parse_args()
    engine = engines.start(arguments.engine, arguments.weights, arguments.models, arguments.threads)
    if arguments.once:
        engine.embed(pathlib.Path(arguments.once).read_bytes())
        print(peak_resident_kilobytes())
        return
    print(json.dumps({"version": engine.version}), flush=True)
    for line in sys.stdin:
        try:
            print(json.dumps(answer(engine, json.loads(line))), flush=True)
        except Exception as error:
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)


if __name__ == "__main__":
    main()
