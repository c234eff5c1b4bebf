"""The terminal's table: 80 columns, without colour, text as text."""

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from dlcompare.compare.report.terminal import render_summary
from dlcompare.compare.summary.json_values import from_json

HOSTILE = "[red]so\x1b[2Jrting[/red]\x07 " + "x" * 200


def printed(summary, width=80, **options):
    output = io.StringIO()
    Console(file=output, width=width, **options).print(render_summary(from_json(summary), width))
    return output.getvalue()


def many_axes(summary):
    task = summary["tasks"]["sorting"]
    for i in range(7):
        task["axes"][f"axis_{i}"] = {"train": [1], "test": [10_000, 1_000_000], "ordered": True}
        points = task["learners"]["synthesis"]["extrapolation"]["magnitude"]
        task["learners"]["synthesis"]["extrapolation"][f"axis_{i}"] = points


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_broken(edited, width):
    def change(summary):
        task = summary["tasks"]["sorting"]
        for name in ("order", "duplicates"):
            task["axes"][name] = task["axes"]["magnitude"]
            for learner in task["learners"].values():
                learner["extrapolation"][name] = learner["extrapolation"]["magnitude"]
                learner["horizon"][name] = learner["horizon"]["magnitude"]

    text = printed(edited(change), width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    table = text.partition("Synthesis needs")[0]
    # Of synthesis, the last level of three axes of the same numbers, above the score there.
    assert table.count("up to 1M") == 3
    assert len(re.findall(r"100\s%\sat\s1M", table)) == 3
    assert table.count("1,024") == 1
    assert table.count("1,000 of 1M") == 3


def test_many_axes_and_long_names_stay_within_80_columns(edited):
    def change(summary):
        many_axes(summary)
        summary["tasks"][HOSTILE] = summary["tasks"].pop("digits")
        summary["tasks"]["sorting"]["learners"]["synthesis"]["label"] = HOSTILE

    assert max(cell_len(line) for line in printed(edited(change)).splitlines()) <= 80


def test_the_figures_are_the_summary_s(summary):
    lines = printed(summary, width=120).splitlines()
    rows = [line for line in lines if re.match(r"(synthesis|transformer) +[\d,—]", line)]
    assert [line.split()[1] for line in rows] == ["16", "1,024", "—", "256"]
    assert "up to 512" in rows[0]
    assert "12 of 512" in rows[1]


def test_without_colour_there_are_no_escapes(summary):
    assert "\x1b" not in printed(summary)
    assert "\x1b" in printed(summary, force_terminal=True, color_system="standard")


def test_hostile_names_are_printed_and_not_obeyed(edited):
    def change(summary):
        summary["tasks"][HOSTILE] = summary["tasks"].pop("digits")

    text = printed(edited(change))
    assert "[red]so" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_the_program_can_be_copied(summary):
    assert "        acc = [y for y in acc if y < x] + [y for y in [x, *acc] if y >= x]" in printed(
        summary
    )
    assert "proved right for every input up to length 6" in " ".join(printed(summary).split())


def test_a_run_that_just_began_can_be_shown(edited):
    def begin(summary):
        for task in summary["tasks"].values():
            for learner in task["learners"].values():
                learner.update(curve=[], n_at_90=None, extrapolation={}, programs=[])

    assert "No learner has a result yet." in printed(edited(begin))
    assert "Nothing has been measured" in printed(edited(lambda s: s["tasks"].clear()))


def test_a_run_in_progress_says_so(edited):
    assert "In progress: 3 of 87" in printed(edited(lambda s: s["run"].update(finished=3)))
