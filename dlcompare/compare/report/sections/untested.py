"""The settings that a task is trained on and never tested."""

from dlcompare.compare.report.formats import setting
from dlcompare.compare.report.section import Section, TaskView

__all__ = ["SECTION"]

_HTML = """\
<p class="note">Trained on and not tested, because there are too few distinct inputs: {% for entry in task.untested %}{{ setting(entry) }}{{ "; " if not loop.last }}{% endfor %}.</p>
"""

SECTION = Section[TaskView](
    "untested",
    shown=lambda view: bool(view.task.untested),
    html=_HTML,
    names=lambda _: {"setting": setting},
)
