"""The results of every learner on a task: what it needs, what it reaches, what it took."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dlcompare.compare.report.certainty import needed_interval
from dlcompare.compare.report.formats import (
    NONE,
    beyond,
    duration,
    interval,
    level,
    needed,
    reach,
    share,
    trained_on,
)
from dlcompare.compare.report.headline import headline
from dlcompare.compare.report.markdown_text import escaped
from dlcompare.compare.report.section import Section, TaskView
from dlcompare.compare.statistics.seeds import GOOD
from dlcompare.compare.summary.learner_result import LearnerResult
from dlcompare.compare.summary.summary import AxisResult, TaskResult

__all__ = ["SECTION"]

_AXES_BESIDE = 2  # more axes than these do not fit beside the other columns into 80
_AXIS_WIDTH = 18  # columns that each further axis needs
_AXES_ALONE = 4

_HTML = """\
{% from "macros.html.jinja" import rate %}
<div class="scroll" tabindex="0" role="region" aria-label="{{ task.name }}: results">
<table class="results stacked" style="--columns: 3">
  <thead><tr>
    <th scope="col">learner</th>
    <th scope="col">examples needed<small>for 90&nbsp;% right</small></th>
    <th scope="col">right inside<small>at the most examples</small></th>
    {% for axis in task.axes %}<th scope="col">{{ axis.name }}<small>{% if axis.train %}trained on {{ trained_on(axis) }}{% else %}beyond training{% endif %}</small></th>{% endfor %}
    <th scope="col">time<small>all trials</small></th>
    <th scope="col">failed<small>trials</small></th>
  </tr></thead>
  <tbody>
  {% for learner in task.learners %}
  <tr{% if learner.is_baseline %} class="baseline"{% endif %}>
    <th scope="row">{{ keys[learner.name]|safe }}{{ learner.label }}</th>
    <td class="number" data-label="needs" data-n-at-90="{{ learner.name }}">{{ needed(learner) }}{% if needed_interval(learner) %}<small>{{ needed_interval(learner) }}</small>{% endif %}</td>
    <td class="number" data-label="right inside">{{ rate(learner.inside and learner.inside.exact_match) }}</td>
    {% for axis in task.axes %}<td class="number" data-label="{{ axis.name }}" data-horizon="{{ learner.name }} {{ axis.name }}">{{ reach(learner, axis) }}{% if beyond(learner, axis) %}<small>{{ beyond(learner, axis) }}</small>{% endif %}</td>{% endfor %}
    <td data-label="time">{{ duration(learner.cost.wall_seconds) }}</td>
    <td data-label="failed trials"{% if learner.failed and not learner.is_baseline %} class="warn"{% endif %}>{{ learner.failed }}<small>of {{ learner.finished }}</small></td>
  </tr>
  {% endfor %}
  </tbody>
</table>
</div>
<p class="note">{% if number == 1 %}<b>Right</b> means exact match: the whole answer, not a part of it. <b>Inside</b>: new inputs of the kind trained on.
The other columns say how far beyond the training range 90&nbsp;% still holds: “16 of 512” means right up to level 16, where 512 is the last level tested.
Small figures are 95&nbsp;% bootstrap intervals over seeds; a failed trial counts as 0. {% endif %}“≤” marks the smallest number of examples tried; “—” means that 90&nbsp;% was not reached.
{%- if task.baselines %} Grey rows are baselines that do not learn the function.{% endif %}</p>
"""


def _markdown(view: TaskView) -> list[str]:
    first, *rest = map(escaped, headline(view.task, view.result.train_sizes))
    listed = "\n".join(f"- {sentence}" for sentence in rest)
    return [f"**{first}**", listed, _rows_in_markdown(view.task)]


def _rows_in_markdown(task: TaskResult) -> str:
    header = ["learner", "examples for 90 %", "right inside", *(x.name for x in task.axes)]
    rows = [[*header, "time", "failed trials"]]
    rows += [_cells(task, learner) for learner in task.learners]
    lines = ["| " + " | ".join(map(escaped, row)) + " |" for row in rows]
    rule = "|" + "|".join(["---", *["---:"] * (len(rows[0]) - 1)]) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _cells(task: TaskResult, learner: LearnerResult) -> list[str]:
    point = learner.inside
    inside = share(point.exact_match.mean if point else None)
    if point and interval(point.exact_match):
        inside += f" ({interval(point.exact_match)})"
    reaches = []
    for axis in task.axes:
        further = beyond(learner, axis)
        reaches.append(reach(learner, axis) + (f" ({further})" if further else ""))
    time = duration(learner.cost.wall_seconds)
    return [learner.label, needed(learner), inside, *reaches, time, str(learner.failed)]


def _terminal(view: TaskView) -> Iterator[RenderableType]:
    task, beside = view.task, _AXES_BESIDE + max(0, (view.width - 80) // _AXIS_WIDTH)
    yield _table(task, task.axes[:beside], whole=True)
    for start in range(beside, len(task.axes), _AXES_ALONE):
        yield Text()
        yield _table(task, task.axes[start : start + _AXES_ALONE], whole=False)
    yield Text()
    for sentence in headline(task, view.result.train_sizes):
        yield Padding(Text(sentence), (0, 0, 0, 2))


def _table(task: TaskResult, axes: Sequence[AxisResult], *, whole: bool) -> Table:
    """Draw one row for each learner: the whole table, or its continuation with further axes."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("learner", min_width=12, ratio=2, overflow="fold")
    if whole:
        inside = [x.inside.n for x in task.learners if x.inside]
        at = f"at {level(max(inside), short=True)}" if inside else ""
        table.add_column("examples\nfor 90 %", justify="right")
        table.add_column(Text(f"right\ninside\n{at}".rstrip()), justify="right")
    for axis in axes:
        trained = f"\ntrained {trained_on(axis)}" if axis.train else ""
        table.add_column(Text(f"{axis.name}{trained}"), justify="right", overflow="fold")
    if whole:
        table.add_column("time", justify="right")
        table.add_column("failed\ntrials", justify="right")
    for learner in task.learners:
        cells = [Text(learner.label)]
        if whole:
            cells += [Text(needed(learner)), _inside(learner)]
        cells += [_axis(learner, axis) for axis in axes]
        if whole:
            cells += [Text(duration(learner.cost.wall_seconds)), _failed(learner)]
        table.add_row(*cells, style="dim" if learner.is_baseline else "")
    return table


def _inside(learner: LearnerResult) -> Text:
    if learner.inside is None:
        return Text(NONE)
    right = learner.inside.exact_match
    text = Text(share(right.mean), style="green" if right.mean >= GOOD else "")
    if interval(right):
        text.append(f"\n{interval(right)}", "dim")
    return text


def _axis(learner: LearnerResult, axis: AxisResult) -> Text:
    points = learner.extrapolation.get(axis.name)
    whole = bool(points) and learner.horizon.get(axis.name) == (
        points[-1].level if points else None
    )
    text = Text(reach(learner, axis, short=True), style="green" if whole else "")
    if beyond(learner, axis):
        text.append(f"\n{beyond(learner, axis, short=True)}", "dim")
    return text


def _failed(learner: LearnerResult) -> Text:
    return Text(str(learner.failed), style="red" if learner.failed else "")


SECTION = Section[TaskView](
    "results",
    html=_HTML,
    names=lambda _: {"needed_interval": needed_interval},
    markdown=_markdown,
    terminal=_terminal,
)
