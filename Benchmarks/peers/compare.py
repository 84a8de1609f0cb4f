# SPDX-License-Identifier: MIT
"""The comparison itself; `Benchmarks/compare --help` says what it does."""

import argparse
import datetime
import json
import math
import os
import pathlib
import platform
import re
import subprocess
import sys
import time

import bounds
import environment
import plot
import report
import rounds
import sessions
from environment import CACHE, ROOT, say
from sessions import EngineError

PEERS = [
    "torch-fp32", "onnxruntime-fp32", "openvino-fp32", "torch-bf16", "openvino-bf16", "onnxruntime-int8",
    "faster-clip-int8", "pillow",
]
RESULTS = ROOT / "Benchmarks/results"
DESCRIPTION = """\
Runs afterimage-bench and other CPU runtimes in turn: the same weights, the same JPEG bytes, the same number of
threads. Each engine is a process of its own; only one computes at a time, and in every round each has its turn, so
that ratios hold on a machine whose speed drifts. Prints tables, ratios and the promises as PASS, FAIL or NOT MEASURED;
writes JSON and plots.

The peers are installed at pinned versions into .build-peers, which git ignores.
"""
EXAMPLE = """\
Example:
  swift build -c release
  Benchmarks/compare --stand-in && Benchmarks/compare --write-results
"""


def numbers(text):
    """`1,8,32` as integers from 1 to 256."""
    values = [int(part) for part in text.split(",")]
    if not all(1 <= value <= 256 for value in values):
        raise argparse.ArgumentTypeError("batches are 1 to 256")
    return values


def names(text):
    return [part for part in text.split(",") if part]


def parsed():
    parser = argparse.ArgumentParser(
        prog="Benchmarks/compare", description=DESCRIPTION, epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    option = parser.add_argument
    option("--weights", metavar="FILE", help="weights file, as afterimage writes it")
    option("--stand-in", action="store_true", help="make stand-in weights and use them")
    option("--program", metavar="PATH", help="afterimage-bench; the release build by default")
    option("--threads", type=int, default=2, metavar="N", help="threads of every engine (default: 2)")
    option("--batches", type=numbers, default=[1, 8, 32], metavar="N,N", help="of the tower (default: 1,8,32)")
    option("--precisions", type=names, default=["fp32", "bf16", "int8"], metavar="P,P",
           help="of ours; those that it does not have are said to be skipped (default: fp32,bf16,int8)")
    option("--backends", type=names, default=["auto"], metavar="B,B", help="of ours (default: auto)")
    option("--peers", type=names, default=PEERS, metavar="E,E", help=f"(default: {','.join(PEERS)})")
    option("--rounds", type=int, default=12, metavar="N", help="(default: 12)")
    option("--seconds", type=float, default=0.4, metavar="S", help="of each engine in a round (default: 0.4)")
    option("--quick", action="store_true", help="3 rounds, short, results into .build-peers/quick")
    option("--out", type=pathlib.Path, metavar="DIR", help="for JSON and plots (default: Benchmarks/results)")
    option("--check", action="store_true", help="exit with 1 unless every promise was measured and holds")
    option("--write-results", action="store_true",
           help="measure nothing; make Benchmarks/RESULTS.md from the JSON files in Benchmarks/results")
    arguments = parser.parse_args()
    if arguments.write_results == bool(arguments.weights or arguments.stand_in):
        parser.error("name --weights FILE or --stand-in, or --write-results alone")
    if arguments.quick:
        arguments.rounds, arguments.seconds = min(arguments.rounds, 3), min(arguments.seconds, 0.2)
    arguments.out = arguments.out or (CACHE / "quick" if arguments.quick else RESULTS)
    return arguments


def find_program(path):
    """The named program, or the release build of this checkout."""
    candidates = [path] if path else [ROOT / ".build/release/afterimage-bench"]
    for candidate in candidates:
        if pathlib.Path(candidate).is_file():
            return pathlib.Path(candidate).resolve()
    raise SystemExit(f"error: there is no {candidates[0]}; build it with: swift build -c release")


def stand_in(program):
    """Stand-in weights, made by the program beside the benchmark; kept, since they are the same each time."""
    weights = CACHE / "stand-in.safetensors"
    if not weights.exists():
        CACHE.mkdir(exist_ok=True)
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
        except EngineError as error:
            if "has no attribute" not in str(error):
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


def machine():
    """The processor, with the units that decide which kernels run."""
    information = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", information)
    flags = set((re.search(r"flags\s*: (.*)", information) or [0, ""])[1].split())
    units = {"avx512f": "AVX-512", "avx512_vnni": "VNNI", "avx512_bf16": "BF16", "amx_int8": "AMX"}
    return {
        "processor": model[1].strip() if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "units": [name for flag, name in units.items() if flag in flags],
        "system": f"Linux {platform.release().split('-')[0]}",
    }


def command_line():
    """The command, without the folders of this machine."""
    return " ".join(["Benchmarks/compare", *(pathlib.Path(a).name if "/" in a else a for a in sys.argv[1:])])


def model_version(weights):
    """The `model_version` in the header of a safetensors file."""
    with open(weights, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return header.get("__metadata__", {}).get("model_version", "unknown")


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
        "date": datetime.date.today().isoformat(), "command": command_line(), "quick": arguments.quick,
        "machine": machine(), "model_version": model_version(weights), "threads": arguments.threads,
        "rounds": arguments.rounds, "seconds": arguments.seconds,
        "foreign_share": max(0.0, foreign / elapsed / machine()["cores"]),
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


def write(result, folder):
    """JSON with every single time, and the plots. Named by machine, so that several can lie side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^a-z0-9]+", "-", result["machine"]["processor"].lower()).strip("-")
    stem += f"-{result['threads']}-threads"
    rounded = json.loads(json.dumps(result), parse_float=lambda text: float(f"{float(text):.12g}"))
    (folder / f"{stem}.json").write_text(json.dumps(rounded, ensure_ascii=False, separators=(",", ":")) + "\n")
    for name in ("tower", "whole"):
        stages = [s for s in result["stages"] if (s["stage"] == "tower") == (name == "tower")]
        (folder / f"{stem}-{name}.svg").write_text(plot.draw(result, stages))
    say(f"wrote {folder}/{stem}.json and its plots")


def write_results():
    """RESULTS.md from every JSON file in the results folder."""
    lines = [
        "# Results", "",
        "Made by `Benchmarks/compare --write-results` from the files in [results](results), which hold every single "
        "time. Figures of different sections come from different runs; compare within a section only.", ""]
    files = sorted(RESULTS.glob("*.json"))
    for path in files:
        plots = sorted(RESULTS.glob(f"{path.stem}-*.svg"))
        lines += report.markdown(json.loads(path.read_text()), plots)
    (ROOT / "Benchmarks/RESULTS.md").write_text("\n".join(lines).rstrip() + "\n")
    say(f"wrote Benchmarks/RESULTS.md from {len(files)} runs")


def main():
    arguments = parsed()
    if arguments.write_results:
        write_results()
        return 0
    result = run(arguments)
    print(report.text(result))
    write(result, arguments.out)
    return 1 if arguments.check and any(b["verdict"] != "PASS" for b in result["bounds"]) else 0


if __name__ == "__main__":
    sys.exit(main())
