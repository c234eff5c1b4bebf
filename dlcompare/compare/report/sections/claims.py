"""The verdicts of a run on the essay's claims."""

from dlcompare.compare.report.section import RunView, Section
from dlcompare.compare.summary.summary import NOT_MEASURED

__all__ = ["SECTION"]

_HTML = """\
<section class="task" id="{{ anchor }}">
  <h2>{{ title }}</h2>
  <p class="about">From the essay “The limitations of deep learning” (Chollet, 2017), in this project’s words. Each verdict is computed from the numbers above by a rule fixed before the run.</p>
  {% for its in measured %}
  <div class="claim">
    <p><b>{{ its.id }}</b> {{ its.claim }}</p>
    <p class="verdict"><b>{{ its.verdict }}</b> {{ its.range }}</p>
    {% if its.figures %}<ul class="note">{% for figure in its.figures %}<li>{{ figure }}</li>{% endfor %}</ul>{% endif %}
    {% if its.contrary %}<p class="note">Published evidence to the contrary, not ours: {{ its.contrary }}</p>{% endif %}
  </div>
  {% else %}
  <p>This run measures none of them: it is too small, or its tasks are not those of the claims.</p>
  {% endfor %}
  <details>
    <summary>Not measured by this run</summary>
    <dl>{% for its in result.claims if its.verdict == "not measured" %}<dt>{{ its.id }}</dt><dd>{{ its.claim }} <span class="note">({{ its.range }})</span></dd>{% endfor %}</dl>
  </details>
</section>
"""

SECTION = Section[RunView](
    "claims",
    "The claims put to the test",
    shown=lambda view: bool(view.result.claims),
    html=_HTML,
    names=lambda view: {
        "measured": [each for each in view.result.claims if each.verdict != NOT_MEASURED]
    },
)
