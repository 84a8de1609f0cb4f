# SPDX-License-Identifier: MIT
"""Horizontal bars as SVG, readable on light and dark pages."""

from html import escape

import report

LABEL, WIDTH, VALUE = 190, 430, 170
BAR, GAP, TITLE = 15, 5, 34
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
.small { fill: #57606a }
.ours { fill: #1f6feb }
.peer { fill: #a8b1bb }
.limit { fill: none; stroke: #57606a; stroke-dasharray: 3 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .small { fill: #9da7b1 }
  .ours { fill: #4c9aff }
  .peer { fill: #5b6570 }
  .limit { stroke: #9da7b1 }
}
"""


def bars_of(run, stage):
    """(name, milliseconds, class), fastest first, the limits among them."""
    bars = [(n, t, "ours" if n.startswith("afterimage-") else "peer") for n, t, _ in report.stage_rows(stage)]
    if stage["stage"] == "tower":
        bars += [(f"limit {p}", limit, "limit") for p, limit, _ in report.limits(run, stage)]
    return sorted(bars, key=lambda bar: bar[1])


def scale_end(bars):
    """The axis ends where PyTorch in single precision does; what takes longer is cut off and says its number."""
    reference = [time for name, time, _ in bars if name == "torch-fp32"]
    return 1.05 * max(reference or [time for _, time, _ in bars])


def bar(top, name, time, kind, end):
    """One line: the name, the bar, the number behind it."""
    cut = time > end
    length = WIDTH if cut else max(1.0, WIDTH * time / end)
    number = report.milliseconds(time) + (" (cut off)" if cut else "")
    return [
        f'<text x="{LABEL - 8}" y="{top + 12}" text-anchor="end">{escape(name)}</text>',
        f'<rect class="{kind}" x="{LABEL}" y="{top}" width="{length:.1f}" height="{BAR}" rx="2"/>',
        f'<text class="small" x="{LABEL + length + 6:.1f}" y="{top + 12}">{number}</text>',
    ]


def draw(run, stages):
    """The SVG of these stages, one group of bars each."""
    body, top = [], 8
    for stage in stages:
        bars = bars_of(run, stage)
        body.append(f'<text class="title" x="0" y="{top + 16}">{escape(stage["label"])}, ms an image</text>')
        top += TITLE - 8
        for name, time, kind in bars:
            body += bar(top, name, time, kind, scale_end(bars))
            top += BAR + GAP
        top += 12
    body.append(f'<text class="small" x="0" y="{top + 10}">{escape(report.machine_line(run))}</text>')
    size = f'width="{LABEL + WIDTH + VALUE}" height="{top + 20}" viewBox="0 0 {LABEL + WIDTH + VALUE} {top + 20}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><style>{STYLE}</style>'
    return "\n".join([head, *body, "</svg>", ""])
