"""The certainty of the differences between learners on a task."""

from collections.abc import Sequence

from dlcompare.compare.report.certainty import certainty
from dlcompare.compare.report.headline import name_in_prose
from dlcompare.compare.report.markdown_text import escaped
from dlcompare.compare.report.section import Section, TaskView

__all__ = ["SECTION"]

_HTML = """\
<ul class="sentences">{% for sentence in sentences %}<li>{{ sentence }}</li>{% endfor %}</ul>
"""


def _sentences(view: TaskView) -> list[str]:
    names = {learner.name: name_in_prose(learner) for learner in view.task.learners}
    of_task = [each for each in view.result.comparisons if each.task == view.task.name]
    return [certainty(each, names) for each in of_task if each.difference is not None]


def _markdown(view: TaskView) -> Sequence[str]:
    return list(map(escaped, _sentences(view)))


SECTION = Section[TaskView](
    "how-sure",
    "How sure",
    shown=lambda view: bool(_sentences(view)),
    html=_HTML,
    names=lambda view: {"sentences": _sentences(view)},
    markdown=_markdown,
)
