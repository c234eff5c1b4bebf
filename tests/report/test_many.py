"""A run of a hundred tasks: one page, one table, who succeeds where; and cards for each task."""

import copy
import io
import re
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len
from rich.console import Console

from dlcompare.compare.report.cards import cards
from dlcompare.compare.report.chosen_parts import only
from dlcompare.compare.report.html import render_report
from dlcompare.compare.report.printable import presented
from dlcompare.compare.report.successes import successes
from dlcompare.compare.report.terminal import render_summary
from dlcompare.compare.summary.json_values import from_json
from dlcompare.tasks.errors import InputError


def render(summary):
    """The page of a summary in JSON."""
    return render_report(from_json(summary))


def read(summary):
    """A summary in JSON, as a report presents it."""
    return presented(from_json(summary))


HOSTILE = "</svg></script><img src=x onerror=alert(1)>\"'"
MEGABYTES = 2 * 10**6


def many(summary, count):
    """A run with the same two tasks again and again."""
    tasks = list(summary["tasks"].items())
    names = [(f"{tasks[i % 2][0]}_{i}", tasks[i % 2][1]) for i in range(count)]
    return {**summary, "tasks": dict(names), "comparisons": [], "across_tasks": None}


def test_ten_tasks_with_every_chart_fit_into_two_megabytes(summary):
    page = render(many(summary, 10))
    assert page.count('<div class="chart"') == 5 * 4 + 5 * 3
    assert len(page.encode()) < MEGABYTES


def test_a_hundred_tasks_fit_into_one_and_none_is_left_out(summary):
    its = many(summary, 100)
    page = render(its)
    assert len(page.encode()) < MEGABYTES / 2
    for name in its["tasks"]:
        assert page.count(f"<b>{name}</b>") == 1
    pictures = re.findall(r'<svg class="sketch".*?</svg>', page)
    # In the table, and in each task with its axes: two of one, one of the other.
    assert len(pictures) == 100 + 50 * 3 + 50 * 2
    for picture in pictures:
        ElementTree.fromstring(picture)


def test_hostile_names_stay_text_in_small_pictures_too(edited):
    def deface(summary):
        learners = summary["tasks"]["sorting"]["learners"]
        learners["transformer"]["label"] += HOSTILE
        learners[f"transformer:{HOSTILE}"] = learners.pop("transformer:recipe=aware")
        summary["tasks"] = {f"{name}{HOSTILE}": task for name, task in summary["tasks"].items()}

    page = render(many(edited(deface), 20))
    assert "<img" not in page
    assert page.count("</svg>") == page.count("<svg")


def test_every_task_is_in_one_group_of_who_succeeds(summary):
    result = read(many(summary, 30))
    groups = successes(result)
    inside = [task.name for group in groups for task in group.inside]
    assert sorted(inside) == sorted(task.name for task in result.tasks)
    assert {each.who: (len(each.inside), len(each.beyond)) for each in groups} == {
        "both": (15, 0), "only synthesis": (0, 15), "only networks": (15, 0), "neither": (0, 15),
    }  # fmt: skip


def test_a_run_without_the_other_side_names_what_it_has(edited):
    def alone(summary):
        for task in summary["tasks"].values():
            del task["learners"]["transformer"]
            task["learners"].pop("transformer:recipe=aware", None)

    groups = successes(read(edited(alone)))
    assert [each.who for each in groups] == ["synthesis", "nobody"]


def test_a_card_says_what_is_needed_and_how_far_it_holds(summary):
    synthesis, transformer, aware = cards(read(summary).tasks[0])
    assert (synthesis.needs, synthesis.unit) == ("16", "examples")
    assert [each.held for each in synthesis.reaches] == ["all", "all"]
    assert [each.held for each in transformer.reaches] == ["some", "none"]
    assert transformer.reaches[0].text.startswith("right up to 12, 22")
    assert "only number tried" in aware.note


def test_a_contender_that_never_gets_there_has_a_card_with_its_best(summary):
    synthesis, _ = cards(read(summary).tasks[1])
    assert (synthesis.needs, synthesis.unit) == ("> 1,024", "examples")
    assert synthesis.note.replace("\N{NO-BREAK SPACE}", " ").endswith("at best 14 %, with 256")


def test_the_terminal_gives_many_tasks_a_row_each(summary):
    its = many(summary, 40)
    output = io.StringIO()
    Console(file=output, width=80).print(render_summary(from_json(its)))
    lines = output.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= 80
    for name in its["tasks"]:
        assert len([line for line in lines if line.split()[:1] == [name]]) == 1
    assert any("Only networks: 20 inside training, 0 beyond" in line for line in lines)


def test_a_task_of_many_can_have_a_report_of_its_own(summary):
    its = many(copy.deepcopy(summary), 20)
    page = render_report(only(from_json(its), ["digits_1"]))
    assert '<div class="chart"' in page
    assert "sorting_0" not in page.partition("How to reproduce")[0]
    with pytest.raises(InputError, match="did you mean 'digits_1'"):
        only(from_json(its), ["digit_1"])
