# SPDX-License-Identifier: MIT
"""Measures engines in turn, so that a slow spell of the machine hits all of them."""

import pathlib
import statistics
import time

from environment import say
from sessions import TICKS, EngineError, Unsupported

# Thread pools spin for a moment after their last task; the next engine starts when they sleep.
PAUSE = 0.05
# One run of a stage that would take longer than this is not worth its time.
LONGEST_RUN = 8.0
# Engines whose single run takes longer than this many times a round's seconds are asked in three rounds only.
SLOW = 4


class Stage:
    """One thing all engines are asked for: a tower batch, or a picture's way."""

    def __init__(self, name, batch=1, image=None, label=""):
        self.name, self.batch, self.image, self.label = name, batch, image, label

    def request(self):
        if self.name == "tower":
            return {"stage": "tower", "batch": self.batch}
        return {"stage": self.name, "image": str(self.image)}


class Row:
    """What one engine took for one stage: a list of runs for each round, None for a round without it."""

    def __init__(self, session):
        self.session = session
        self.runs = 0
        self.slow = False
        self.rounds = []


def measure(sessions, stage, rounds, seconds, report, each_round=lambda: None):
    """Asks every session in every round, in rotating order. Returns {name: [runs of a round, …]}.

    Engines that cannot do the stage are left out; `report(name, reason)` is told of those that should have.
    `each_round` is called at the start of every round: what belongs between the figures, such as the peak.
    """
    rows = [row for row in (calibrated(s, stage, seconds, report) for s in sessions) if row]
    for number in range(rounds):
        each_round()
        turn = number % max(1, len(rows))
        for row in rows[turn:] + rows[:turn]:
            row.rounds.append(one_round(row, stage, number, report))
    return {row.session.name: row.rounds for row in rows if any(row.rounds)}


def calibrated(session, stage, seconds, report):
    """How many runs fit into the seconds of a round, from two runs. None where the engine cannot do the stage."""
    expected = session.fastest.get(stage.name, 0) * stage.batch / 1000
    if expected > LONGEST_RUN:
        report(session.name, f"{stage.label}: a run would take {expected:.0f} s")
        return None
    try:
        took = min(session.milliseconds(2, **stage.request()))
    except Unsupported:
        return None
    except EngineError as error:
        report(session.name, f"{stage.label}: {error}")
        return None
    session.fastest[stage.name] = min(took, session.fastest.get(stage.name, took))
    row = Row(session)
    run = took * stage.batch / 1000
    row.runs = max(1, min(50, int(seconds / max(run, 1e-6))))
    row.slow = run > SLOW * seconds
    return row


def one_round(row, stage, number, report):
    """The runs of one engine in one round."""
    if row.slow and number >= 3:
        return None
    time.sleep(PAUSE)
    try:
        times = row.session.milliseconds(row.runs, **stage.request())
    except EngineError as error:
        report(row.session.name, f"{stage.label}, round {number + 1}: {error}")
        return None
    row.session.fastest[stage.name] = min(row.session.fastest[stage.name], *times)
    return times


def typical(runs):
    """Median over the rounds of the rounds' medians."""
    medians = [statistics.median(r) for r in runs if r]
    return statistics.median(medians) if medians else None


def ratios(ours, theirs):
    """theirs / ours in each round that has both: above 1 where ours is faster."""
    pairs = [(a, b) for a, b in zip(ours or [], theirs or []) if a and b]
    return [statistics.median(b) / statistics.median(a) for a, b in pairs]


def busy_seconds():
    """Processor time that the whole machine has spent so far, that which a hypervisor took away included."""
    fields = pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    user, nice, system, _, _, irq, softirq, steal = (int(f) for f in fields[:8])
    return (user + nice + system + irq + softirq + steal) / TICKS


def idle_share(sessions, seconds=1.0):
    """Share of one core that each session uses while nobody asks it anything."""
    time.sleep(0.5)
    before = [s.processor_seconds() for s in sessions]
    time.sleep(seconds)
    shares = {s.name: (s.processor_seconds() - b) / seconds for s, b in zip(sessions, before)}
    for name, share in shares.items():
        if share > 0.05:
            say(f"{name} uses {share:.0%} of a core while idle; its pool spins and slows the others")
    return shares
