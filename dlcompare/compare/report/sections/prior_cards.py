"""The prior cards of a task: what each learner was given before it saw an example."""

from dlcompare.compare.report.section import Section, TaskView

__all__ = ["SECTION"]

_HTML = """\
{% from "macros.html.jinja" import pairs with context %}
<div class="cards">
{% for learner in task.learners if learner.prior %}<div><h4>{{ learner.label }}</h4>{{ pairs(learner.prior) }}</div>
{% else %}<p class="note">No learner has declared anything yet.</p>{% endfor %}
</div>
"""

SECTION = Section[TaskView](
    "prior-cards", "What each learner was given before the first example", html=_HTML
)
