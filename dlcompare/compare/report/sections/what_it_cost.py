"""The cost of every learner on a task."""

from dlcompare.compare.report.headline import shared_time
from dlcompare.compare.report.section import Section, TaskView

__all__ = ["SECTION"]

_HTML = """\
<div class="scroll" tabindex="0" role="region" aria-label="{{ task.name }}: cost">
<table class="wide">
  <caption>Summed over all trials. A candidate is a program whose answers were computed; an update is one step of training.{{ shared }}</caption>
  <thead><tr><th scope="col">learner</th><th scope="col">wall</th><th scope="col">CPU</th><th scope="col">GPU</th><th scope="col">candidates</th><th scope="col">updates</th><th scope="col">tuning trials</th></tr></thead>
  <tbody>{% for learner in task.learners %}
    <tr{% if learner.is_baseline %} class="baseline"{% endif %}><th scope="row">{{ learner.label }}</th>
    {%- for part in ("wall_seconds", "cpu_seconds", "gpu_seconds") %}<td>{{ duration(learner.cost[part]) }}</td>{% endfor %}
    {%- for part in ("candidates", "gradient_steps", "tuning_trials") %}<td>{{ amount(learner.cost[part]) }}</td>{% endfor %}</tr>
  {% endfor %}</tbody>
</table>
</div>
"""

SECTION = Section[TaskView](
    "costs",
    "What it cost",
    html=_HTML,
    names=lambda view: {"shared": shared_time(view.task)},
)
