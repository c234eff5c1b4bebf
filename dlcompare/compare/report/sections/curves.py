"""The curves of a task: learning curve, exact match beyond training, accuracy against time."""

from collections.abc import Mapping
from typing import Any

from dlcompare.compare.report.charts import compute_chart, extrapolation_chart, learning_chart
from dlcompare.compare.report.headline import shared_time
from dlcompare.compare.report.section import Section, TaskView

__all__ = ["SECTION"]

_HTML = """\
{% from "macros.html.jinja" import rate %}

{% macro numbers(chart, title) %}
<details>
  <summary>The numbers</summary>
  <div class="scroll" tabindex="0" role="region" aria-label="{{ title }}: numbers">
  <table class="wide">
    <caption>Mean exact match, its 95&nbsp;% interval over seeds, and each seed.</caption>
    <thead><tr><th scope="col">learner</th>{% for column in chart.columns %}<th scope="col">{{ column }}</th>{% endfor %}</tr></thead>
    <tbody>
    {% for learner, points in chart.rows %}
      <tr{% if learner.is_baseline %} class="baseline"{% endif %}><th scope="row">{{ learner.label }}</th>
      {%- for point in points %}<td>{{ rate(point and point.right) }}{% if point and point.right.seeds|length > 1 %}<small>{% for seed in point.right.seeds %}{{ percent(seed) }}{{ " " if not loop.last }}{% endfor %}</small>{% endif %}</td>{% endfor %}</tr>
    {% endfor %}
    </tbody>
  </table>
  </div>
</details>
{% endmacro %}
{% macro figure(chart, title, text, timed=false) %}
<figure>
  <figcaption><b>{{ title }}</b><span>{{ text }}</span></figcaption>
  <div class="chart" role="img" aria-label="{{ title }}. {{ text }} The numbers are in the table below.">{{ chart.svg|safe }}</div>
  <script type="text/plain">{{ packed(chart.spec) }}</script>
  {{ seconds(chart, title) if timed else numbers(chart, title) }}
</figure>
{% endmacro %}
{% macro seconds(chart, title) %}
<details>
  <summary>The numbers</summary>
  <div class="scroll" tabindex="0" role="region" aria-label="{{ title }}: numbers">
  <table class="wide">
    <caption>Mean seconds per trial, and below it the exact match, by number of examples.</caption>
    <thead><tr><th scope="col">learner</th>{% for column in chart.columns %}<th scope="col">{{ column }}</th>{% endfor %}</tr></thead>
    <tbody>
    {% for learner, points in chart.rows %}
      <tr><th scope="row">{{ learner.label }}</th>
      {%- for point in points %}<td>{% if point %}{{ duration(point.seconds) }}<small>{{ share(point.right.mean) }}</small>{% else %}–{% endif %}</td>{% endfor %}</tr>
    {% endfor %}
    </tbody>
  </table>
  </div>
</details>
{% endmacro %}
<div class="charts">
{% set chart = learning %}
{% if chart %}{{ figure(chart, "Learning curve", "Exact match on new inputs of the kind trained on, against the number of examples, on a logarithmic scale. Bands are 95 % intervals over seeds.") }}{% endif %}
{% for axis in task.axes %}
{% set chart = extrapolation(axis) %}
{% if chart %}{{ figure(chart, "Beyond training: " ~ axis.name, "Exact match at levels of " ~ axis.name ~ " not trained on, at the most examples. The first point is the value inside" ~ (", in the shaded area." if axis.ordered else ".")) }}{% endif %}
{% endfor %}
{% set chart = compute %}
{% if chart %}{{ figure(chart, "Accuracy against time", "Exact match inside the training range against the time of a trial, on a logarithmic scale. One point for each number of examples." ~ shared, timed=true) }}{% endif %}
</div>
"""


def _names(view: TaskView) -> Mapping[str, Any]:
    return {
        "learning": learning_chart(view.task, view.styles),
        "extrapolation": lambda axis: extrapolation_chart(view.task, axis, view.styles),
        "compute": compute_chart(view.task, view.styles),
        "shared": shared_time(view.task),
    }


SECTION = Section[TaskView]("curves", html=_HTML, names=_names)
