"""Every statistic of a task, folded up."""

from dlcompare.compare.report.certainty import reach_interval
from dlcompare.compare.report.section import Section, TaskView

__all__ = ["SECTION"]

_HTML = """\
{% from "macros.html.jinja" import rate %}
<details>
  <summary>Every statistic</summary>
  <div class="scroll" tabindex="0" role="region" aria-label="{{ task.name }}: statistics">
  <table class="wide">
    <caption>Area: under the learning curve over log n, 100 at most. Solved: seeds with every answer right at the most examples. Intervals are 95&nbsp;%, over seeds.</caption>
    <thead><tr><th scope="col">learner</th><th scope="col">examples needed<small>by seed</small></th><th scope="col">area</th><th scope="col">solved</th>
    {%- for axis in task.axes if axis.ordered %}<th scope="col">{{ axis.name }}<small>holds up to</small></th>{% endfor %}</tr></thead>
    <tbody>{% for learner in task.learners %}
      <tr{% if learner.is_baseline %} class="baseline"{% endif %}><th scope="row">{{ learner.label }}</th>
      <td>{{ needed(learner) }}<small>{% for n in learner.examples_needed.seeds %}{{ "—" if n is none else amount(n) }}{{ ", " if not loop.last }}{% endfor %}</small></td>
      <td>{{ rate(learner.area) }}</td>
      <td>{% set solved = learner.inside and learner.inside.solve_rate %}{% if solved and solved.mean is not none %}{{ share(solved.mean) }}<small>{{ percent(solved.low) }}–{{ percent(solved.high) }}</small>{% else %}–{% endif %}</td>
      {%- for axis in task.axes if axis.ordered %}<td>{{ reach(learner, axis) }}<small>{{ reach_interval(learner, axis.name) }}</small></td>{% endfor %}</tr>
    {% endfor %}</tbody>
  </table>
  </div>
</details>
"""

SECTION = Section[TaskView](
    "every-statistic", html=_HTML, names=lambda _: {"reach_interval": reach_interval}
)
