# SPDX-License-Identifier: MIT
"""Where the peers live: their virtual environment and the exported models, in a git-ignored folder of the checkout."""

import hashlib
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".build-peers"
RESULTS = ROOT / "Benchmarks/results"
REQUIREMENTS = HERE / "requirements.txt"
PYTHON = CACHE / "venv/bin/python"
# The peers of the vector search: small, and of no use to the others.
SEARCH_REQUIREMENTS = HERE / "requirements-search.txt"
SEARCH_PYTHON = CACHE / "venv-search/bin/python"
SMALL_PICTURE = ROOT / "Tests/ImagingTests/Fixtures/jpeg-640x360.jpg"


def say(text):
    """Progress goes to standard error, results to standard output."""
    print(f"== {text}", file=sys.stderr, flush=True)


def make_environment():
    """Installs the peers of the engine."""
    install(REQUIREMENTS, CACHE / "venv", "the peers (about 2 GB with the CPU build of PyTorch)")


def make_search_environment():
    """Installs the peers of the vector search."""
    install(SEARCH_REQUIREMENTS, CACHE / "venv-search", "the peers of the vector search (about 0.2 GB)")


def install(requirements, folder, what):
    """Installs exactly the packages of a list into a virtual environment, once for each state of the list."""
    stamp = folder / "requirements.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Installing {what}")
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    subprocess.run(
        [folder / "bin/python", "-m", "pip", "install", "--quiet", "-r", requirements], check=True, stdout=sys.stderr)
    stamp.write_text(wanted)


def digest(path):
    """SHA-256 of a file, read in pieces."""
    with open(path, "rb") as file:
        state = hashlib.sha256()
        while piece := file.read(1 << 20):
            state.update(piece)
    return state.hexdigest()


def export_models(weights):
    """Exports the tower once for each weights file and state of the exporter; returns the folder."""
    state = digest(weights) + digest(HERE / "export.py") + digest(HERE / "tower.py") + digest(REQUIREMENTS)
    folder = CACHE / "models" / hashlib.sha256(state.encode()).hexdigest()[:16]
    if not (folder / "complete").exists():
        say("Exporting the vision tower to ONNX and quantising it")
        command = [PYTHON, HERE / "export.py", weights, folder, SMALL_PICTURE]
        subprocess.run(command, check=True, stdout=sys.stderr)
        (folder / "complete").touch()
    return folder


def thread_variables(threads):
    """The environment of every worker: the same number of threads, whichever pool a runtime uses."""
    names = ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"]
    # numpy's own BLAS computes nothing here; one thread keeps its pool from being made.
    return os.environ | {name: str(threads) for name in names} | {"OPENBLAS_NUM_THREADS": "1"}
