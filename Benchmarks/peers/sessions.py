# SPDX-License-Identifier: MIT
"""Engines in processes of their own, asked over JSON lines. Only the one that was asked computes."""

import contextlib
import json
import os
import pathlib
import select
import subprocess
import tempfile
import time

import environment

TICKS = os.sysconf("SC_CLK_TCK")


class EngineError(Exception):
    """An engine cannot be started, or failed at what it was asked for; says why."""


class Unsupported(EngineError):
    """An engine has no such stage, by its nature: Pillow has no tower, faster-clip none that can be asked for."""


def reason(errors, status):
    """The line of standard error that says most: our programs begin it with `Error:`, Python ends with it."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()] or [f"ended with {status}"]
    line = next((line for line in lines if line.startswith("Error:")), lines[-1])
    return line.removeprefix("Error: ").rstrip(".")[:200]


class Session:
    """A worker that stays. `name` is `runtime-precision`; `ours` tells our engine from the peers."""

    def __init__(self, name, precision, ours, command, threads):
        self.name, self.precision, self.ours = name, precision, ours
        self.note = self.version = ""
        # The least milliseconds an image so far, by stage: tells how long a larger batch will take.
        self.fastest = {}
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
            env=environment.thread_variables(threads))

    def ask(self, timeout=600, **request):
        """Sends one request and returns the answer, or raises an `EngineError` with the worker's reason."""
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise EngineError(self.last_words()) from None
        answer = self.line(timeout)
        if "unsupported" in answer:
            raise Unsupported(answer["unsupported"])
        if "error" in answer:
            raise EngineError(str(answer["error"]))
        return answer

    def line(self, timeout):
        """One line of standard output as JSON. A worker never sends two at once, so nothing waits in a buffer."""
        ready, _, _ = select.select([self.process.stdout], [], [], timeout)
        if not ready:
            self.process.kill()
            raise EngineError(f"no answer for {timeout} s")
        text = self.process.stdout.readline()
        if not text:
            raise EngineError(self.last_words())
        try:
            return json.loads(text)
        except ValueError:
            raise EngineError(f"answered {text[:80]!r}") from None

    def last_words(self):
        """Why the worker ended."""
        self.process.wait(10)
        self.errors.seek(0)
        return reason(self.errors.read(), self.process.returncode)

    def milliseconds(self, runs, **request):
        """Times of `runs` runs, per image, after one that is not counted: others used the caches meanwhile."""
        return self.ask(runs=runs + 1, **request)["milliseconds"][1:]

    def embedding(self, image):
        answer = self.ask(stage="embed", image=str(image))
        self.note, self.version = answer.get("note", self.note), answer.get("version", self.version)
        return answer["embedding"]

    def processor_seconds(self):
        """User and system time so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def peer(name, weights, models, threads):
    """Starts a peer and waits until its model is loaded."""
    command = peer_command(name, weights, models, threads)
    session = Session(name, name.rpartition("-")[2], False, command, threads)
    session.version = session.line(300)["version"]
    return session


def peer_command(name, weights, models, threads):
    worker = environment.HERE / "worker.py"
    return [environment.PYTHON, worker, name, "--weights", weights, "--models", models, "--threads", threads]


def ours(program, precision, backend, weights, threads):
    """Our engine as a worker, or asked anew each time where the program has no worker mode."""
    name = f"afterimage-{precision}" + ("" if backend == "auto" else f"-{backend}")
    command = ours_command(program, precision, backend, weights, threads)
    session = Session(name, precision, True, [*command, "--worker"], threads)
    try:
        session.ask(timeout=120, stage="tower", batch=1, runs=1)
        return session
    except EngineError as error:
        session.close()
        if "--worker" not in str(error):
            raise
    return OneShot(name, precision, command, threads)


def ours_command(program, precision, backend, weights, threads):
    return [program, "--weights", weights, "--precision", precision, "--backend", backend, "--threads", threads]


class OneShot(Session):
    """`afterimage-bench --json` for each request: slower to ask, since every run measures all stages."""

    note = "asked with --json, a process for each figure"

    def __init__(self, name, precision, command, threads):
        self.name, self.precision, self.ours, self.version = name, precision, True, ""
        self.fastest = {}
        self.seconds = 0.0
        self.command, self.threads = [str(part) for part in command], threads
        self.report(["--batch", "1", "--seconds", "0.01"])

    def report(self, options):
        before = sum(os.times()[2:4])
        result = subprocess.run(
            [*self.command, "--json", *options], capture_output=True, text=True,
            env=environment.thread_variables(self.threads))
        self.seconds += sum(os.times()[2:4]) - before
        if result.returncode:
            raise EngineError(reason(result.stderr, result.returncode))
        self.last = json.loads(result.stdout)
        return self.last

    def ask(self, timeout=600, stage="", runs=1, batch=1, image=None):
        if stage == "embed":
            raise EngineError("has no worker mode, so it cannot be asked for an embedding")
        if stage == "peak":
            return {"gflops": self.last["peak_gflops"]}
        report = self.report(["--batch", str(batch), "--seconds", "0.01"] + (["--image", image] if image else []))
        found = [r["median_ms"] for r in report["results"] if r["stage"] == stage and r["batch"] == batch]
        return {"milliseconds": found[:1] * runs}

    def processor_seconds(self):
        """Of the processes so far."""
        return self.seconds

    def close(self):
        pass


def cold_start(command, threads):
    """Milliseconds from starting a process to the end of its output, and its peak resident memory in MB."""
    start = time.perf_counter()
    result = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, env=environment.thread_variables(threads))
    duration = (time.perf_counter() - start) * 1000
    if result.returncode:
        raise EngineError(reason(result.stderr, result.returncode))
    return duration, int(result.stdout.split()[-1]) / 1000
