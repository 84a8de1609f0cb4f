# SPDX-License-Identifier: MIT
"""What the engine promises, held against a run. A promise that was not measured is said to be so, never left out."""

import math
import statistics

import rounds

# Operations of one image: 4.4 G multiply-adds.
GFLOP_PER_IMAGE = 8.8
TOWER_PEERS = {
    "fp32": ["torch-fp32", "onnxruntime-fp32", "openvino-fp32"],
    "bf16": ["torch-bf16", "openvino-bf16"],
    "int8": ["onnxruntime-int8"],
}
LIMIT = {"fp32": 1.15, "bf16": 1.25, "int8": 1.5}
# Nothing is faster than the processor: a multiple below this says that the peak was taken in a slower moment, or that
# it is not the peak.
IMPOSSIBLE = 0.98
COSINE = {"fp32": 0.999999, "bf16": 0.9999, "int8": 0.999}
RESIDENT = {"fp32": 420, "bf16": 240, "int8": 150}


def limit_multiples(run, stage):
    """Our time as a multiple of `GFLOP_PER_IMAGE` at the peak of the same round, by precision."""
    found = {}
    for precision in LIMIT:
        pairs = zip(stage["samples"].get(f"afterimage-{precision}", []), stage.get("peaks", []))
        values = [
            statistics.median(runs) / (GFLOP_PER_IMAGE * 1000 / peak[precision])
            for runs, peak in pairs if runs and peak.get(precision)]
        if values:
            found[precision] = statistics.median(values)
    return found


def check(run):
    """All promises: a list of {promise, measured, bound, verdict}; verdict is PASS, FAIL or NOT MEASURED."""
    lines = []
    for stage in run["stages"]:
        {"tower": tower, "preprocess": preprocess, "whole": whole}[stage["stage"]](run, stage, lines)
    engines = {engine["name"]: engine for engine in run["engines"]}
    for precision in LIMIT:
        engine = engines.get(f"afterimage-{precision}", {})
        at_least(lines, f"cosine against PyTorch fp32, {precision}", engine.get("cosine"), COSINE[precision], "")
        at_most(lines, f"peak resident memory, {precision}", engine.get("resident_mb"), RESIDENT[precision], " MB")
    cold = engines.get("afterimage-fp32", {}).get("cold_start_ms")
    at_most(lines, "process start to first embedding, fp32", cold, 350, " ms")
    return lines


def tower(run, stage, lines):
    if stage["batch"] == 1:
        multiples = limit_multiples(run, stage)
        for precision, bound in LIMIT.items():
            name = f"tower, batch 1, {precision}: multiple of the limit"
            at_most(lines, name, multiples.get(precision), bound, " ×", least=IMPOSSIBLE)
        faster(lines, stage, "fp32", ["onnxruntime-fp32", "openvino-fp32"], 1)
        faster(lines, stage, "bf16", ["openvino-bf16"], 1.15)
        faster(lines, stage, "int8", ["onnxruntime-int8"], 1.5)
    elif stage["batch"] in (8, 32):
        for precision, peers in TOWER_PEERS.items():
            faster(lines, stage, precision, peers, 1)


def preprocess(run, stage, lines):
    """Our preprocessing whole against Pillow's decoding and resizing alone."""
    mine = next((name for name in stage["samples"] if name.startswith("afterimage-")), "afterimage-fp32")
    against(lines, stage, mine, "pillow", 1)


def whole(run, stage, lines):
    against(lines, stage, "afterimage-fp32", "torch-fp32", 2)
    against(lines, stage, "afterimage-int8", "torch-fp32", 5)


def faster(lines, stage, precision, peers, bound):
    for peer in peers:
        against(lines, stage, f"afterimage-{precision}", peer, bound)


def against(lines, stage, mine, peer, bound):
    """Times as fast as a peer: the median of the rounds' ratios."""
    values = rounds.ratios(stage["samples"].get(mine), stage["samples"].get(peer))
    measured = statistics.median(values) if values else None
    at_least(lines, f"{stage['label']}: {mine} against {peer}", measured, bound, " ×")


def at_least(lines, promise, measured, bound, unit):
    holds = measured is not None and measured >= bound
    add(lines, promise, measured, f"≥ {bound}{unit}", holds, unit, math.floor)


def at_most(lines, promise, measured, bound, unit, least=0):
    if measured is not None and measured < least:
        line = {"promise": promise, "measured": f"{measured:.2f}{unit}, so the peak is too low"}
        lines.append(line | {"bound": f"≤ {bound}{unit}", "verdict": "NOT MEASURED"})
        return
    holds = measured is not None and measured <= bound
    add(lines, promise, measured, f"≤ {bound}{unit}", holds, unit, math.ceil)


def add(lines, promise, measured, bound, holds, unit, towards):
    verdict = "NOT MEASURED" if measured is None else "PASS" if holds else "FAIL"
    shown = "–" if measured is None else figure(measured, unit, towards)
    lines.append({"promise": promise, "measured": shown, "bound": bound, "verdict": verdict})


def figure(value, unit, towards=math.floor):
    """Cosines need more digits than ratios, and those more than megabytes. Rounded so that none looks better."""
    digits = {"": 7, " ×": 2}.get(unit, 0)
    # What the conversion to decimal adds or takes must not count as a digit.
    rest = 1e-3 if towards is math.floor else -1e-3
    return f"{towards(value * 10**digits + rest) / 10**digits:.{digits}f}{unit}"
