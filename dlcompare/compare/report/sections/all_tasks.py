"""Several tasks in one table: who needs the fewest examples, and who succeeds where."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dlcompare.compare.report.certainty import certainty
from dlcompare.compare.report.glance import glance, overall
from dlcompare.compare.report.headline import name_in_prose
from dlcompare.compare.report.markdown_text import escaped
from dlcompare.compare.report.section import RunView, Section
from dlcompare.compare.report.sketch import learning_sketch
from dlcompare.compare.report.successes import successes

__all__ = ["SECTION"]

_CONTENDERS = 4  # columns of a table in the terminal

_HTML = """\
{% for sentence in overall %}<p{% if loop.first %} class="lede"{% endif %}>{{ sentence }}</p>
{% endfor %}
{% if compact %}
{% macro names(tasks) %}{% if tasks %}<b>{{ tasks|length }}</b>{% if tasks|length > 8 %}<details><summary>which</summary>{% else %} {% endif %}{% for task in tasks %}<a href="#task-{{ result.tasks.index(task) + 1 }}">{{ task.name }}</a>{{ ", " if not loop.last }}{% endfor %}{% if tasks|length > 8 %}</details>{% endif %}{% else %}0{% endif %}{% endmacro %}
<div class="scroll" tabindex="0" role="region" aria-label="Who succeeds on which tasks">
<table class="successes stacked" style="--columns: 2">
  <thead><tr><th scope="col">who succeeds</th><th scope="col" class="text">90&nbsp;% of new inputs right<small>of the kind trained on</small></th><th scope="col" class="text">right beyond training<small>90&nbsp;% at every level of every axis</small></th></tr></thead>
  <tbody>{% for each in groups %}
    <tr><th scope="row">{{ each.who }}</th><td class="text" data-label="90&nbsp;% of new inputs">{{ names(each.inside) }}</td><td class="text" data-label="right beyond training">{{ names(each.beyond) }}</td></tr>
  {% endfor %}</tbody>
</table>
</div>
{% endif %}
{% from "macros.html.jinja" import rate %}
{% set programs = table.rows|map(attribute="program")|map("first")|reject("equalto", "–")|list %}
{% set count = table.learners|length %}
{# On a narrow screen each task is a block of its own, and each cell carries its column's name. #}
<div class="scroll" tabindex="0" role="region" aria-label="All tasks">
<table class="glance stacked" style="--columns: {{ [count, 3]|min }}">
  <caption class="narrow">Examples needed for 90&nbsp;% right; below, how far that still holds beyond training.</caption>
  <thead>
    <tr><th scope="col" rowspan="2">task</th>
      {% if compact %}<th scope="col" rowspan="2" class="curve">learning curve<small>0 to 100&nbsp;%, line at 90</small></th>{% endif %}
      <th scope="colgroup" colspan="{{ count }}">examples needed for 90&nbsp;% right</th>
      <th scope="colgroup" colspan="{{ count }}">still 90&nbsp;% right beyond training</th>
      {% if programs %}<th scope="col" rowspan="2" class="found">the program<small>found</small></th>{% endif %}</tr>
    <tr>{% for _ in range(2) %}{% for learner in table.learners %}<th scope="col"{% if loop.first %} class="first"{% endif %}>{{ keys[learner.name]|safe }}{{ learner.label }}</th>{% endfor %}{% endfor %}</tr>
  </thead>
  <tbody>
  {% for row in table.rows %}
    <tr><th scope="row"><a href="#task-{{ loop.index }}">{{ row.task.name|e|replace("_", "_<wbr>"|safe) }}</a></th>
    {%- if compact %}<td class="curve">{{ curve(row.task)|safe }}</td>{% endif %}
    {%- for text, fewest in row.needs %}<td class="number{{ " first" if loop.first }}" data-label="{{ table.learners[loop.index0].label }}">{% if fewest %}<b>{{ text }}</b>{% else %}{{ text }}{% endif %}</td>{% endfor %}
    {%- for axes in row.reaches %}<td class="text{{ " first" if loop.first }}" data-label="{{ table.learners[loop.index0].label if count > 3 }}">{% for axis, text, whole in axes %}<span{% if whole %} class="all"{% endif %}>{{ axis }} {{ text }}</span>{% else %}–{% endfor %}</td>{% endfor %}
    {%- if programs %}<td class="found" data-label="the program">{% if row.program[1] %}<span class="all">✓ {{ row.program[0] }}</span>{% else %}{{ row.program[0] }}{% endif %}</td>{% endif %}</tr>
  {% endfor %}
  </tbody>
  {% if across %}
  <tfoot>
    <tr><th scope="row"{% if compact %} colspan="2"{% endif %}>right, all tasks<small>interquartile mean</small></th>
    {%- for part in ("inside", "beyond") %}{% for learner in table.learners %}{% set means = across.learners.get(learner.name) %}<td class="number{{ " first" if loop.first }}" data-label="{{ learner.label }}, {{ part }}">{{ rate(means and means[part]) }}</td>{% endfor %}{% endfor %}
    {%- if programs %}<td class="found"></td>{% endif %}</tr>
  </tfoot>
  {% endif %}
</table>
</div>
<p class="note">Bold: the fewest examples. Green: right up to the last level tested{% if programs %}, or proved right{% endif %}. “≤”: the smallest number tried; “—”: 90&nbsp;% was not reached.
{%- if across %} Last row: the middle half of all (task, seed) scores at the most examples, inside the training range and over all levels beyond it, with 95&nbsp;% stratified bootstrap intervals.{% endif %}</p>
{% if compared %}<ul class="sentences">{% for sentence in compared %}<li>{{ sentence }}</li>{% endfor %}</ul>{% endif %}
"""


def _names(view: RunView) -> Mapping[str, Any]:
    result, across = view.result, view.result.across_tasks
    names = {x.name: name_in_prose(x) for task in result.tasks[:1] for x in task.learners}
    return {
        "overall": overall(result),
        "groups": successes(result),
        "table": glance(result),
        "curve": lambda task: learning_sketch(task, view.styles),
        "across": across,
        "compared": [certainty(each, names) for each in (across.comparisons if across else ())],
    }


def _markdown(view: RunView) -> list[str]:
    return list(map(escaped, overall(view.result)))


def _terminal(view: RunView) -> Iterator[RenderableType]:
    """Draw many tasks in one table (a row a task, a column a contender), and who succeeds where."""
    result = view.result
    whole = glance(result)
    for start in range(0, len(whole.learners), _CONTENDERS):
        columns = range(start, min(start + _CONTENDERS, len(whole.learners)))
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
        table.add_column("task", ratio=2, min_width=16, overflow="fold")
        for i in columns:
            table.add_column(Text(whole.learners[i].label), justify="right", ratio=1)
        for row in whole.rows:
            cells = [_cell(row.needs[i], row.reaches[i]) for i in columns]
            table.add_row(Text(row.task.name), *cells)
        yield Text()
        yield table
    yield Text(
        "Examples needed for 90 % right (the fewest in bold), then along how many axes that holds "
        "to the last level tested.",
        "dim",
    )
    yield Text()
    for sentence in overall(result):
        yield Padding(Text(sentence), (0, 0, 0, 2))
    for group in successes(result):
        counts = f"{len(group.inside)} inside training, {len(group.beyond)} beyond"
        yield Padding(Text(f"{_capital(group.who)}: {counts}"), (0, 0, 0, 2))


def _cell(needs: tuple[str, bool], reaches: tuple[tuple[str, str, bool], ...]) -> Text:
    text, fewest = needs
    cell = Text(text, style="bold" if fewest else "")
    if reaches:
        held = sum(whole for _, _, whole in reaches)
        every = held == len(reaches)
        cell.append(f"  {held}/{len(reaches)}", "green" if every else "dim")
    return cell


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


SECTION = Section[RunView](
    "all-tasks",
    shown=lambda view: len(view.result.tasks) != 1,
    html=_HTML,
    names=_names,
    markdown=_markdown,
    terminal=_terminal,
)
