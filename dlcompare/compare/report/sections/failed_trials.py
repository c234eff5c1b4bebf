"""Every trial of a task that did not end ok, with its reason."""

from dlcompare.compare.report.section import Section, TaskView

__all__ = ["SECTION"]

_LONGEST_REASON = 2_000

_HTML = """\
<div class="scroll" tabindex="0" role="region" aria-label="{{ task.name }}: failed trials">
<table class="wide">
  <caption>None is dropped: each counts as 0 in every mean.</caption>
  <thead><tr><th scope="col">learner</th><th scope="col">examples</th><th scope="col">seed</th><th scope="col" class="text">outcome</th><th scope="col" class="text">reason</th></tr></thead>
  <tbody>{% for learner in task.learners %}{% for failure in learner.failures %}
    <tr><th scope="row">{{ learner.label }}</th><td>{{ plain(failure.n) }}</td><td>{{ plain(failure.seed) }}</td><td class="text">{{ words(failure.status) }}</td><td class="text">{{ excerpt(plain(failure.reason)) }}</td></tr>
  {% endfor %}{% endfor %}</tbody>
</table>
</div>
"""


def _excerpt(text: str) -> str:
    rest = len(text) - _LONGEST_REASON
    return text if rest <= 0 else f"{text[:_LONGEST_REASON]} … ({rest:,} more characters)"


SECTION = Section[TaskView](
    "failed-trials",
    "Failed trials",
    shown=lambda view: any(learner.failed for learner in view.task.learners),
    html=_HTML,
    names=lambda _: {"excerpt": _excerpt},
)
