"""The contenders' answers to the same inputs, side by side."""

from dlcompare.compare.report.section import Section, TaskView
from dlcompare.compare.report.side_by_side import parted, side_by_side

__all__ = ["SECTION"]

_HTML = """\
{% macro asked(each) %}
<div class="asked">
  <p class="over">{{ each.where }}</p>
  <dl>
    <dt>asked</dt><dd><code>{{ each.inputs }}</code></dd>
    <dt>right</dt><dd><code>{{ each.expected }}</code></dd>
    {% for learner, answer in each.answers %}
    <dt>{{ learner.label }}</dt><dd>
    {%- if answer.right %}<span class="all">✓ right</span>{% else %}<span class="warn">✗ {% if not answer.given %}no answer{% elif answer.first_error is not none %}wrong from token {{ answer.first_error + 1 }}{% else %}wrong{% endif %}</span>
    {%- if answer.given %}{% set same, rest = parted(answer) %} <code>{{ same }}<mark>{{ rest or "(ends here)" }}</mark></code>{% endif %}{% endif %}</dd>
    {% endfor %}
  </dl>
</div>
{% endmacro %}
<p class="note">The same inputs for all learners, with the first seed and the most examples; the mark begins where a wrong answer departs from the right one. “No answer”: the learner’s output is not a value of the result’s type, or its program is undefined there. Long texts are cut; a list that breaks off, or never ends, closes with an ellipsis.</p>
<div class="answers">{% for each in questions %}{{ asked(each) }}{% endfor %}</div>
"""

SECTION = Section[TaskView](
    "answers",
    "Answers side by side",
    shown=lambda view: bool(side_by_side(view.task)),
    html=_HTML,
    names=lambda view: {"questions": side_by_side(view.task), "parted": parted},
)
