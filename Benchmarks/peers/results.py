# SPDX-License-Identifier: MIT
"""What a run leaves behind: JSON, plots, and RESULTS.md made of them."""

import json
import os
import pathlib
import platform
import re
import sys

import plot
import report
from environment import RESULTS, ROOT, say


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


def write(result, folder):
    """JSON with every single time, and the plots. Named by machine, so that several can lie side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^a-z0-9]+", "-", report.processor_name(result["machine"]).lower()).strip("-")
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
