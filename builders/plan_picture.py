"""Draws docs/images/plan.svg, the picture on the first page, by running the library.

    .venv/bin/python builders/plan_picture.py

A test compares the file with what this draws.
"""

from pathlib import Path

import benzotaper as bt
from benzotaper.exports.svg import dose_curve

PLACE = Path(__file__).parents[1] / "docs" / "images" / "plan.svg"


def picture() -> str:
    """The dose curve of the plan that `make demo` makes, on white, so that it is readable on any page."""
    plan = bt.taper(
        "diazepam 10 mg twice daily",
        bt.Percentage("10 %", of="current", every="2 weeks"),
        start="2026-12-01",
        products="UK",
        splitting="halves",
    )
    return dose_curve(plan.record).replace("<svg ", '<svg style="background:#ffffff" ', 1) + "\n"


if __name__ == "__main__":
    PLACE.write_text(picture(), encoding="utf-8")
    print(PLACE)
