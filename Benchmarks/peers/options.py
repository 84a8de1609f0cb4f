# SPDX-License-Identifier: MIT
"""The command line of `Benchmarks/compare`."""

import argparse
import pathlib

from environment import CACHE, RESULTS

PEERS = [
    "torch-fp32", "onnxruntime-fp32", "openvino-fp32", "torch-bf16", "openvino-bf16", "onnxruntime-int8",
    "faster-clip-int8", "pillow",
]
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
