"""Controls: learners that were trained at the tested level itself."""

from dlcompare.compare.report.headline import control_sentence
from dlcompare.compare.report.section import Section, TaskView

__all__ = ["SECTION"]

_HTML = """\
<ul class="sentences">{% for each in task.controls %}<li>{{ control_sentence(each) }}</li>{% endfor %}</ul>
"""

SECTION = Section[TaskView](
    "trained-at-level",
    "Trained at the level itself",
    shown=lambda view: bool(view.task.controls),
    html=_HTML,
    names=lambda _: {"control_sentence": control_sentence},
)
