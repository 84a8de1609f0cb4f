# SPDX-License-Identifier: MIT
"""Tables of a run: for the terminal and in Markdown."""

import statistics

import bounds
import rounds


def stage_rows(stage):
    """For each engine, fastest first: name, ms an image, and our speed against it with the spread over the rounds.

    A peer is held against ours of its precision; one whose precision we did not run against our fp32.
    """
    samples = stage["samples"]
    for name in sorted(samples, key=lambda n: rounds.typical(samples[n])):
        yield name, rounds.typical(samples[name]), ratio(samples, name)


def ratio(samples, peer):
    """`2.10 × (2.05–2.20) the time of afterimage-fp32`, or nothing where there is no pair."""
    if peer.startswith("afterimage-"):
        return ""
    precision = peer.rpartition("-")[2]
    mine = next((m for m in (f"afterimage-{precision}", "afterimage-fp32") if m in samples), None)
    values = rounds.ratios(samples.get(mine), samples[peer])
    if not values:
        return ""
    return f"{statistics.median(values):.2f} × ({min(values):.2f}–{max(values):.2f}) the time of {mine}"


def milliseconds(value):
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def text(run):
    """Everything for the terminal."""
    lines = [machine_line(run), versions_line(run), ""]
    for stage in run["stages"]:
        lines += [f"{stage['label']}, ms an image", *text_rows(stage), *limit_lines(run, stage), ""]
    lines += engine_lines(run) + skipped_lines(run) + emulation_lines(run) + [quiet_line(run), ""]
    return "\n".join(lines + [bound_line(line) for line in run["bounds"]])


def text_rows(stage):
    for name, time, compared in stage_rows(stage):
        yield f"  {name:24}{milliseconds(time):>9}   {compared}".rstrip()


def limit_lines(run, stage):
    if stage["stage"] != "tower":
        return []
    return [
        f"  limit {p:18}{milliseconds(limit):>9}   "
        + (f"afterimage-{p} takes {multiple:.2f} × that" if multiple else f"afterimage-{p} was not measured")
        for p, limit, multiple in limits(run, stage)]


def limits(run, stage):
    """Precision, the time of 8.8 GFLOP at the measured peak, and ours as a multiple of it."""
    multiples = bounds.limit_multiples(run, stage)
    for precision in bounds.LIMIT:
        peaks = [peak[precision] for peak in stage.get("peaks", []) if peak.get(precision)]
        if peaks:
            yield precision, bounds.GFLOP_PER_IMAGE * 1000 / statistics.median(peaks), multiples.get(precision)


def engine_lines(run):
    lines = ["engine                    cosine     start to embedding  resident  idle CPU"]
    for e in run["engines"]:
        cosine = "–" if e.get("cosine") is None else bounds.figure(e["cosine"], "")
        start = "–" if e.get("cold_start_ms") is None else f"{e['cold_start_ms']:.0f} ms"
        resident = "–" if e.get("resident_mb") is None else f"{e['resident_mb']:.0f} MB"
        lines.append(
            f"  {e['name']:24}{cosine:>9}{start:>20}{resident:>10}{e.get('idle_share', 0):>9.0%}  {e.get('note', '')}")
    return lines


def skipped_lines(run):
    return [f"  not measured: {s['name']}: {s['reason']}" for s in run["skipped"]]


def bound_line(line):
    return f"{line['verdict']:13}{line['promise']}: {line['measured']} ({line['bound']})"


def processor_name(machine):
    """The processor and its units: virtual machines give processors of several generations the same name."""
    return f"{machine['processor']} ({', '.join(machine['units']) or 'no AVX-512'})"


def machine_line(run):
    machine = run["machine"]
    return f"{processor_name(machine)}, {machine['cores']} cores, {machine['system']}; {run['threads']} threads"


def versions_line(run):
    versions = sorted({e["version"] for e in run["engines"] if e.get("version")})
    return ", ".join([f"weights {run['model_version']}", *versions])


def emulation_lines(run):
    """What a reader must know of bf16 where the processor has no instructions for it."""
    if "BF16" in run["machine"]["units"]:
        return []
    return ["This processor has no bf16 arithmetic: whoever computes in bf16 here emulates it, PyTorch and OpenVINO "
            "at a high price, so what is said of bf16 says nothing of processors that have it."]


def quiet_line(run):
    return (
        f"other processes took {run['foreign_share']:.0%} of the machine"
        + ("; figures of a machine that is not quiet" if run["foreign_share"] > 0.05 else ""))


def markdown(run, plots):
    """One section of RESULTS.md."""
    lines = [
        f"## {processor_name(run['machine'])}, {run['threads']} threads", "",
        f"{run['date']}. {machine_line(run)}.", "", f"{versions_line(run)}.", "", "```", run["command"], "```", "",
        f"{run['rounds']} rounds; in each, every engine ran in turn while the others slept. Times are medians over "
        f"the rounds' medians; “compared” is a peer's time divided by ours in the same round: median (least–most). "
        f"During the run {quiet_line(run)}.", *emulation_lines(run), ""]
    lines += [line for plot in plots for line in (f"![{plot.stem}](results/{plot.name})", "")]
    for stage in run["stages"]:
        title = stage["label"][0].upper() + stage["label"][1:]
        lines += [f"### {title}", "", "| engine | ms an image | compared |", "|---|---:|---|"]
        lines += [f"| {n} | {milliseconds(t)} | {b} |" for n, t, b in stage_rows(stage)]
        if stage["stage"] == "tower":
            lines += [
                f"| limit {p}: {bounds.GFLOP_PER_IMAGE} GFLOP at the measured peak | {milliseconds(limit)} | "
                + (f"afterimage-{p} takes {multiple:.2f} × that |" if multiple else "|")
                for p, limit, multiple in limits(run, stage)]
        lines.append("")
    return lines + markdown_engines(run) + markdown_bounds(run)


def markdown_engines(run):
    lines = [
        "### Agreement, start and memory", "",
        "| engine | least cosine against PyTorch fp32 | process start to first embedding, ms | peak resident, MB | |",
        "|---|---:|---:|---:|---|"]
    for e in run["engines"]:
        cosine = "–" if e.get("cosine") is None else bounds.figure(e["cosine"], "")
        numbers = ["–" if e.get(k) is None else f"{e[k]:.0f}" for k in ("cold_start_ms", "resident_mb")]
        lines.append(f"| {e['name']} | {cosine} | {numbers[0]} | {numbers[1]} | {e.get('note', '')} |")
    lines += ["", *(f"Not measured: {s['name']}: {s['reason']}." for s in run["skipped"]), ""]
    return lines


def markdown_bounds(run):
    lines = ["### Promises", "", "| promise | bound | measured | |", "|---|---|---:|---|"]
    return lines + [
        f"| {line['promise']} | {line['bound']} | {line['measured']} | {line['verdict']} |" for line in run["bounds"]
    ] + [""]
