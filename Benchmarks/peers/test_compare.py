# SPDX-License-Identifier: MIT
"""The arithmetic of the comparison, without any engine: python3 -m unittest discover -s Benchmarks/peers"""

import pathlib
import sys
import tempfile
import textwrap
import unittest
import xml.etree.ElementTree

import bounds
import plot
import report
import rounds
import sessions


def run(ours, peer, peak=440.0):
    """A run with one tower stage, batch 1: two rounds of two runs each."""
    samples = {"afterimage-fp32": ours, "onnxruntime-fp32": peer}
    stage = {"stage": "tower", "batch": 1, "label": "tower, batch 1", "samples": samples,
             "peaks": [{"fp32": peak}, {"fp32": peak}]}
    machine = {"processor": "P", "cores": 2, "units": ["BF16"], "system": "Linux"}
    result = {
        "stages": [stage], "engines": [], "skipped": [{"name": "x<y", "reason": "gone"}], "machine": machine,
        "threads": 2, "model_version": "v", "foreign_share": 0.0, "rounds": 2, "date": "d", "command": "c"}
    result["bounds"] = bounds.check(result)
    return result


def verdict(result, promise):
    return next(line for line in result["bounds"] if line["promise"] == promise)


class Bounds(unittest.TestCase):
    AGAINST = "tower, batch 1: afterimage-fp32 against onnxruntime-fp32"
    LIMIT = "tower, batch 1, fp32: multiple of the limit"

    def test_a_peer_that_takes_longer_is_beaten(self):
        line = verdict(run([[20, 20], [20, 20]], [[30, 30], [30, 30]]), self.AGAINST)
        self.assertEqual((line["verdict"], line["measured"]), ("PASS", "1.50 ×"))

    def test_a_peer_that_takes_less_is_not(self):
        line = verdict(run([[20, 20], [20, 20]], [[19.99, 19.99], [19.99, 19.99]]), self.AGAINST)
        self.assertEqual((line["verdict"], line["measured"]), ("FAIL", "0.99 ×"))

    def test_ratios_are_taken_within_a_round(self):
        # The machine was three times slower in the second round, for both.
        self.assertEqual(rounds.ratios([[10], [30]], [[20], [60]]), [2, 2])

    def test_rounds_without_one_of_both_are_left_out(self):
        self.assertEqual(rounds.ratios([[10], None, [10]], [[20], [20], None]), [2])

    def test_the_limit_is_one_image_at_the_peak(self):
        # 8.8 GFLOP at 440 GFLOP/s are 20 ms.
        for times, expected in [(23.0, ("PASS", "1.15 ×")), (23.1, ("FAIL", "1.16 ×"))]:
            line = verdict(run([[times], [times]], [[30], [30]]), self.LIMIT)
            self.assertEqual((line["verdict"], line["measured"]), expected)

    def test_faster_than_the_limit_is_no_pass(self):
        line = verdict(run([[19], [19]], [[30], [30]]), self.LIMIT)
        self.assertEqual(line["verdict"], "NOT MEASURED")
        self.assertIn("the peak is too low", line["measured"])

    def test_what_was_not_measured_is_said(self):
        result = run([[20], [20]], [[30], [30]])
        missing = [line for line in result["bounds"] if line["verdict"] == "NOT MEASURED"]
        self.assertIn("process start to first embedding, fp32", [line["promise"] for line in missing])
        self.assertIn("tower, batch 1, int8: multiple of the limit", [line["promise"] for line in missing])

    def test_figures_never_look_better_than_they_are(self):
        self.assertEqual(bounds.figure(0.99989996, ""), "0.9998999")
        self.assertEqual(bounds.figure(0.9999999999, ""), "1.0000000")
        self.assertEqual(bounds.figure(1.1499, " ×"), "1.14 ×")


class Pages(unittest.TestCase):
    def test_the_terminal_shows_every_bound_and_every_gap(self):
        result = run([[20], [20]], [[30], [30]])
        text = report.text(result)
        self.assertIn("not measured: x<y: gone", text)
        self.assertEqual(text.count("NOT MEASURED"), sum(b["verdict"] == "NOT MEASURED" for b in result["bounds"]))

    def test_markdown_compares_within_a_precision(self):
        page = "\n".join(report.markdown(run([[20], [20]], [[30], [30]]), []))
        self.assertIn("| onnxruntime-fp32 | 30.0 | 1.50 × (1.50–1.50) the time of afterimage-fp32 |", page)

    def test_plots_are_well_formed_and_cut_off_what_is_far_slower(self):
        result = run([[20], [20]], [[3000], [3000]])
        result["stages"][0]["samples"]["torch-fp32"] = [[60], [60]]
        drawing = plot.draw(result, result["stages"])
        xml.etree.ElementTree.fromstring(drawing)
        self.assertIn("3000.0 (cut off)", drawing)


class Workers(unittest.TestCase):
    """Against a worker that is a few lines of Python."""

    SCRIPT = """
        import json, sys
        for line in sys.stdin:
            request = json.loads(line)
            if request["stage"] == "embed": sys.exit("Traceback\\nError: out of coffee.")
            answer = {"milliseconds": list(range(request["runs"]))}
            print(json.dumps({"unsupported": "tower"} if request["stage"] == "tower" else answer), flush=True)
        """

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        script = pathlib.Path(self.folder.name, "worker.py")
        script.write_text(textwrap.dedent(self.SCRIPT))
        self.session = sessions.Session("x-fp32", "fp32", True, [sys.executable, script], 1)

    def tearDown(self):
        self.session.close()
        self.folder.cleanup()

    def test_the_first_run_does_not_count(self):
        self.assertEqual(self.session.milliseconds(3, stage="whole", image="a.jpg"), [1, 2, 3])

    def test_stages_that_do_not_exist_are_told_from_failures(self):
        self.assertEqual(rounds.measure([self.session], rounds.Stage("tower"), 2, 0.1, self.fail), {})

    def test_the_reason_of_a_worker_that_ends_is_kept(self):
        with self.assertRaisesRegex(sessions.EngineError, "^out of coffee$"):
            self.session.ask(stage="embed", image="a.jpg")

    def test_slow_engines_are_asked_in_three_rounds(self):
        found = rounds.measure([self.session], rounds.Stage("whole", image="a.jpg"), 5, 1e-4, self.fail)
        self.assertEqual([bool(runs) for runs in found["x-fp32"]], [True] * 3 + [False] * 2)


if __name__ == "__main__":
    unittest.main()
