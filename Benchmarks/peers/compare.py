# SPDX-License-Identifier: MIT
"""The comparison itself; `Benchmarks/compare --help` says what it does."""

import datetime
import math
import pathlib
import subprocess
import sys
import time

import bounds
import environment
import options
import report
import results
import rounds
import sessions
from environment import CACHE, ROOT, say
from sessions import EngineError

def find_program(path):
    """The named program, or the release build of this checkout."""
    candidates = [path] if path else [ROOT / ".build/release/afterimage-bench"]
    for candidate in candidates:
        if pathlib.Path(candidate).is_file():
            return pathlib.Path(candidate).resolve()
    raise SystemExit(f"error: there is no {candidates[0]}; build it with: swift build -c release")


def stand_in(program):
    """Stand-in weights, made by the program beside the benchmark."""
    CACHE.mkdir(exist_ok=True)
    weights = CACHE / "stand-in.safetensors"
    command = [program.with_name("afterimage"), "weights", "synthesize", "--out", weights]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return weights


def start_all(arguments, program, weights, models, skip):
    """Every engine that can be started; `skip(name, reason)` is told of the others."""
    found = []
    for precision in arguments.precisions:
        for backend in arguments.backends:
            def make(precision=precision, backend=backend):
                return sessions.ours(program, precision, backend, weights, arguments.threads)
            append_started(found, f"afterimage-{precision} ({backend})", make, skip)
    for name in arguments.peers:
        def make_peer(name=name):
            return sessions.peer(name, weights, models, arguments.threads)
        append_started(found, name, make_peer, skip)
    return found


def append_started(found, name, make, skip):
    say(f"Starting {name}")
    try:
        found.append(make())
    except EngineError as error:
        skip(name, str(error))


def cosine(a, b):
    return math.fsum(x * y for x, y in zip(a, b)) / math.hypot(*a) / math.hypot(*b)


def agreement(running, pictures, skip):
    """The least cosine of each engine against PyTorch in single precision, over the pictures."""
    reference = next((s for s in running if s.name == "torch-fp32"), None)
    if reference is None:
        skip("agreement", "torch-fp32 does not run")
        return {}
    wanted = [reference.embedding(picture) for picture in pictures]
    found = {}
    for session in running:
        try:
            vectors = [session.embedding(picture) for picture in pictures]
            found[session.name] = min(cosine(a, b) for a, b in zip(vectors, wanted))
            print(f"{session.name:24} least cosine against torch-fp32 {found[session.name]:.9f}", file=sys.stderr)
        except sessions.Unsupported:
            continue
        except EngineError as error:
            skip(session.name, f"agreement: {error}")
    return found


def stages_of(arguments, models):
    """What is measured: the tower by batch, then preprocessing and the whole way of two pictures."""
    pictures = [("640 × 360", environment.SMALL_PICTURE), ("1920 × 1080", models / "1920x1080.jpg")]
    stages = [rounds.Stage("tower", batch, label=f"tower, batch {batch}") for batch in arguments.batches]
    for name, what in (("preprocess", "preprocessing"), ("whole", "bytes to embedding")):
        stages += [rounds.Stage(name, image=path, label=f"{what}, {size} JPEG") for size, path in pictures]
    return stages


def concerned(running, stage):
    """Preprocessing is the same Pillow and numpy for most peers; PyTorch's processor and Pillow alone stand for them."""
    if stage.name != "preprocess":
        return running
    ours = [s for s in running if s.ours][:1]
    return ours + [s for s in running if s.name in ("torch-fp32", "pillow")]


def measured_stage(running, stage, arguments, skip):
    """The samples of one stage, and for the tower our processor's peak in every round."""
    say(f"{stage.label}, {arguments.rounds} rounds")
    peaks = []
    ours = next((s for s in running if s.ours), None)

    def peak():
        if stage.name == "tower" and ours:
            peaks.append(peak_gflops(ours))

    samples = rounds.measure(concerned(running, stage), stage, arguments.rounds, arguments.seconds, skip, peak)
    for name in sorted(samples, key=lambda n: rounds.typical(samples[n])):
        print(f"{name:24} {report.milliseconds(rounds.typical(samples[name])):>9} ms", file=sys.stderr)
    return {"stage": stage.name, "batch": stage.batch, "label": stage.label, "samples": samples, "peaks": peaks}


def peak_gflops(session):
    try:
        return session.ask(stage="peak", runs=3)["gflops"]
    except (EngineError, KeyError):
        return {}


def cold_starts(running, arguments, program, weights, models, skip):
    """Median of three starts of each engine: process start to first embedding, and the memory it took."""
    image = environment.SMALL_PICTURE
    found = {}
    for session in running:
        if session.name == "pillow":
            continue
        if session.ours:
            _, precision, *backend = session.name.split("-")
            command = sessions.ours_command(
                program, precision, *(backend or ["auto"]), weights, arguments.threads)
            command += ["--cold-start-probe", "--image", image]
        else:
            command = [*sessions.peer_command(session.name, weights, models, arguments.threads), "--once", image]
        try:
            found[session.name] = sorted(sessions.cold_start(command, arguments.threads) for _ in range(3))[1]
        except EngineError as error:
            skip(session.name, f"cold start: {error}")
    return found


def run(arguments):
    """Measures everything; returns the object that is written as JSON."""
    program = find_program(arguments.program)
    weights = pathlib.Path(arguments.weights).resolve() if arguments.weights else stand_in(program)
    environment.make_environment()
    models = environment.export_models(weights)
    skipped = []

    def skip(name, reason):
        skipped.append({"name": name, "reason": reason})
        say(f"not measured: {name}: {reason}")

    running = start_all(arguments, program, weights, models, skip)
    try:
        stages = stages_of(arguments, models)
        pictures = [environment.SMALL_PICTURE, models / "1920x1080.jpg"]
        cosines = agreement(running, pictures, skip)
        idle = rounds.idle_share(running)
        before, own = rounds.busy_seconds(), sum(s.processor_seconds() for s in running)
        clock = time.monotonic()
        measured = [measured_stage(running, stage, arguments, skip) for stage in stages]
        elapsed = time.monotonic() - clock
        foreign = rounds.busy_seconds() - before - (sum(s.processor_seconds() for s in running) - own)
    finally:
        for session in running:
            session.close()
    say("Cold starts")
    starts = cold_starts(running, arguments, program, weights, models, skip)
    result = {
        "date": datetime.date.today().isoformat(), "command": results.command_line(), "quick": arguments.quick,
        "machine": results.machine(), "model_version": results.model_version(weights), "threads": arguments.threads,
        "rounds": arguments.rounds, "seconds": arguments.seconds,
        "foreign_share": max(0.0, foreign / elapsed / results.machine()["cores"]),
        "engines": [engine(s, cosines, idle, starts) for s in running], "skipped": skipped, "stages": measured,
    }
    result["bounds"] = bounds.check(result)
    return result


def engine(session, cosines, idle, starts):
    """What is known of one engine besides its times."""
    start = starts.get(session.name, (None, None))
    return {
        "name": session.name, "precision": session.precision, "version": session.version, "note": session.note,
        "cosine": cosines.get(session.name), "idle_share": idle.get(session.name, 0.0),
        "cold_start_ms": start[0], "resident_mb": start[1],
    }


def main():
    arguments = options.parsed()
    if arguments.write_results:
        results.write_results()
        return 0
    result = run(arguments)
    print(report.text(result))
    results.write(result, arguments.out)
    return 1 if arguments.check and any(b["verdict"] != "PASS" for b in result["bounds"]) else 0


if __name__ == "__main__":
    sys.exit(main())
