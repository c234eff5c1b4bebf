"""The report as Markdown: the same numbers, and text that stays text."""

from dlcompare.compare.report.markdown import render_markdown
from dlcompare.compare.summary.json_values import from_json


def render(summary):
    """The Markdown of a summary in JSON."""
    return render_markdown(from_json(summary))


HOSTILE = "<script>alert(1)</script> | `x` [a](javascript:b) *c*\n# d"


def test_the_sentences_the_table_and_the_program_are_there(summary):
    text = render(summary)
    assert "**Synthesis needs 16 examples" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "| transformer | 1,024 |" in text
    assert "```python\ndef sorting(" in text
    assert "3 seeds cannot show that it is more than chance" in text


def test_hostile_text_stays_text(edited):
    def deface(summary):
        task = summary["tasks"].pop("sorting")
        task["description"] = HOSTILE
        task["learners"]["synthesis"]["label"] = HOSTILE
        for program in task["learners"]["synthesis"]["programs"]:
            program["python"] += f"# ```\n{HOSTILE}"
        summary["tasks"] = {HOSTILE: task}

    text = render(edited(deface))
    assert "\n# d" not in text.partition("````python")[0]
    assert text.count("````") == 2
    outside = text.partition("````python")[0]
    assert "<script>" not in outside
    assert "[a](javascript" not in outside


def test_a_run_without_tasks_is_a_page(edited):
    assert render(edited(lambda s: s["tasks"].clear())).startswith("# No task\n")
