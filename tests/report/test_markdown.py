"""The report as Markdown: the same numbers, and text that stays text."""

from dlcompare.compare.report.markdown import render_markdown

HOSTILE = "<script>alert(1)</script> | `x` [a](javascript:b) *c*\n# d"


def test_the_sentences_the_table_and_the_program_are_there(summary):
    text = render_markdown(summary)
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

    text = render_markdown(edited(deface))
    assert "\n# d" not in text.partition("````python")[0]
    assert text.count("````") == 2
    outside = text.partition("````python")[0]
    assert "<script>" not in outside
    assert "[a](javascript" not in outside


def test_an_empty_summary_is_a_page():
    assert render_markdown({}).startswith("# No task\n")
