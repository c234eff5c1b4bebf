"""The prior cards of a run with many tasks, whose tasks are shown in short."""

from dlcompare.compare.report.glance import glance
from dlcompare.compare.report.section import RunView, Section

__all__ = ["SECTION"]

_HTML = """\
{% from "macros.html.jinja" import pairs with context %}
<h2>{{ title }}</h2>
<p class="note">On the first task; primitives that are the answer to a task are withheld on it.</p>
<div class="cards">{% for learner in learners if learner.prior %}<div><h4>{{ learner.label }}</h4>{{ pairs(learner.prior) }}</div>{% endfor %}</div>
"""

SECTION = Section[RunView](
    "prior-cards",
    "What each learner was given before the first example",
    shown=lambda view: view.compact,
    html=_HTML,
    names=lambda view: {"learners": glance(view.result).learners},
)
