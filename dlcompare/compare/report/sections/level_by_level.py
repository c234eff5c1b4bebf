"""Exact match at every level of every axis, as a table in colours."""

from dlcompare.compare.report.section import Section, TaskView
from dlcompare.compare.statistics.estimates import Rate
from dlcompare.compare.summary.learner_result import LearnerResult
from dlcompare.compare.summary.summary import AxisResult

__all__ = ["SECTION"]

_HTML = """\
{% macro heat(task, axis) %}
<div class="scroll" tabindex="0" role="region" aria-label="{{ task.name }}: exact match by {{ axis.name }}">
<table class="heat">
  <caption>{{ axis.name }}{% if axis.train %}, trained on {{ trained_on(axis) }}{% endif %}</caption>
  <thead><tr><th scope="col">learner</th><th scope="col">inside</th>{% for at in axis.test %}<th scope="col">{{ level(at, short=true) }}</th>{% endfor %}</tr></thead>
  <tbody>
  {% for learner in task.learners if learner.extrapolation.get(axis.name) %}
    {% set by_level = at_levels(learner, axis) %}
    <tr{% if learner.is_baseline %} class="baseline"{% endif %}><th scope="row">{{ learner.label }}</th>
    {%- for right in [learner.inside and learner.inside.exact_match] + by_level %}{% if right %}<td style="--right:{{ "%.3f"|format(right.mean) }}">{{ percent(right.mean) }}</td>{% else %}<td>–</td>{% endif %}{% endfor %}</tr>
  {% endfor %}
  </tbody>
</table>
</div>
{% endmacro %}
<p class="note">Percentage of right answers; the stronger the colour, the more.</p>
<div class="heats">{% for axis in task.axes if axis.test %}{{ heat(task, axis) }}{% endfor %}</div>
"""


def _at_levels(learner: LearnerResult, axis: AxisResult) -> list[Rate | None]:
    """Return the learner's exact match at the levels of an axis, in order."""
    points = {p.level: p.exact_match for p in learner.extrapolation.get(axis.name, ())}
    return [points.get(at) for at in axis.test]


SECTION = Section[TaskView](
    "level-by-level",
    "Level by level",
    shown=lambda view: any(axis.test for axis in view.task.axes),
    html=_HTML,
    names=lambda _: {"at_levels": _at_levels},
)
