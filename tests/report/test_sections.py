"""Sections: one module and one line each, in every format."""

import importlib
import io
import pkgutil

import pytest
from rich.console import Console
from rich.text import Text

from dlcompare.compare.report import html, markdown, sections, terminal
from dlcompare.compare.report.section import Section
from dlcompare.compare.summary.json_values import from_json

HOSTILE = "</script><script>alert(1)</script>"


def every_section():
    return (*sections.BEFORE_TASKS, *sections.OF_EACH_TASK, *sections.AFTER_TASKS)


def test_every_module_of_a_section_is_listed_once():
    names = [module.name for module in pkgutil.iter_modules(sections.__path__)]
    modules = [importlib.import_module(f"{sections.__name__}.{name}") for name in names]
    assert sorted(map(id, (module.SECTION for module in modules))) == sorted(
        map(id, every_section())
    )


def test_the_names_of_sections_are_unique():
    for them in (sections.OF_EACH_TASK, (*sections.BEFORE_TASKS, *sections.AFTER_TASKS)):
        anchors = [section.anchor for section in them]
        assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("place", ["BEFORE_TASKS", "OF_EACH_TASK", "AFTER_TASKS"])
def test_a_new_section_is_shown_in_every_format_and_stays_text(summary, monkeypatch, place):
    new = Section(
        "new",
        "New",
        html="<p>{{ told }}: {{ result.tasks|length }}</p>",
        names=lambda view: {"told": f"{HOSTILE} {view.result.tasks[0].name}"},
        markdown=lambda view: [f"told of {view.result.tasks[0].name}"],
        terminal=lambda view: [Text(f"told of {view.result.tasks[0].name}")],
    )
    for module in (html, markdown, terminal):
        monkeypatch.setattr(module, place, (*getattr(module, place), new))
    monkeypatch.setattr(terminal, "_WHOLE", 1 if place == "BEFORE_TASKS" else 5)
    its = from_json(summary)
    page = html.render_report(its)
    assert "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; sorting: 2</p>" in page
    assert HOSTILE not in page
    assert "told of sorting" in markdown.render_markdown(its)
    output = io.StringIO()
    Console(file=output).print(terminal.render_summary(its))
    assert "told of sorting" in output.getvalue()


def test_a_section_that_is_not_shown_stands_in_no_format(summary, monkeypatch):
    hidden = Section(
        "hidden",
        shown=lambda _: False,
        html="<p>hidden words</p>",
        markdown=lambda _: ["hidden words"],
        terminal=lambda _: [Text("hidden words")],
    )
    for module in (html, markdown, terminal):
        monkeypatch.setattr(module, "OF_EACH_TASK", (*module.OF_EACH_TASK, hidden))
    its = from_json(summary)
    output = io.StringIO()
    Console(file=output).print(terminal.render_summary(its))
    for text in (html.render_report(its), markdown.render_markdown(its), output.getvalue()):
        assert "hidden words" not in text
