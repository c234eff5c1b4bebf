"""The report as one self-contained page: no network, no other file, scripts optional.

Charts are drawn before the page is written. A browser that runs scripts makes them live; the
scripts are in the page, and its security policy names them by their hashes and forbids every other
script and every request. Data that only scripts read is compressed: the charting library and the
charts' specifications would be two thirds of the page.
"""

import base64
import gzip
import hashlib
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from dlcompare.compare.report import formats, headline
from dlcompare.compare.report.cards import cards
from dlcompare.compare.report.library import charting_library
from dlcompare.compare.report.printable import presented
from dlcompare.compare.report.section import RunView, Section, TaskView, View
from dlcompare.compare.report.sections import AFTER_TASKS, BEFORE_TASKS, OF_EACH_TASK
from dlcompare.compare.report.shown_program import agreement, shown_program
from dlcompare.compare.report.sketch import extrapolation_sketch, learning_sketch
from dlcompare.compare.report.styles import (
    BASELINE_COLOUR,
    CONTENDER_COLOURS,
    MUTED,
    RULE,
    SHADE,
    Style,
    key,
    styles,
)
from dlcompare.compare.summary.summary import RunFacts, Summary, TaskResult

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from markupsafe import Markup

__all__ = ["render_report"]

_UNITS = {"timeout": " in seconds", "memory": " in GB"}
_NAMED = 4  # tasks named in the title


def render_report(summary: Summary) -> str:
    """Return the report of a run as one self-contained HTML page.

    Parameters
    ----------
    summary : Summary
        The summary, also of a run that goes on.

    Returns
    -------
    str
        A page to be written as UTF-8.
    """
    from markupsafe import Markup

    result = presented(summary)
    view = RunView(result=result, styles=styles(result))
    bundle, script = "" if view.compact else charting_library(), _text("interactive.js.jinja")
    keys = {name: key(style) for name, style in view.styles.items()}

    def sections(task: TaskResult, number: int) -> list[tuple[Section[TaskView], Markup]]:
        return _rendered(OF_EACH_TASK, TaskView(**vars(view), task=task, number=number), keys)

    page = _environment().get_template("report.html.jinja")
    return page.render(
        _parts(view, keys),
        sections=sections,
        before=_rendered(BEFORE_TASKS, view, keys),
        after=_rendered(AFTER_TASKS, view, keys),
        sketches=lambda task: _sketches(task, view.styles),
        title=_title(result),
        facts=_facts(result),
        run_cards=_run_cards(result.run),
        style=Markup(_text("report.css") + _colours()),
        bundle=bundle,
        script=Markup(script),
        policy=(
            "default-src 'none'; style-src 'unsafe-inline'; "
            f"script-src {_hash(bundle)} {_hash(script)}; base-uri 'none'; form-action 'none'"
        ),
    )


def _rendered(
    sections: Sequence[Section[View]], view: View, keys: Mapping[str, str]
) -> "list[tuple[Section[View], Markup]]":
    """Return the sections that a page shows, each with its content."""
    from markupsafe import Markup

    found = []
    for section in sections:
        if section.html and section.shown(view):
            parts = {**_parts(view, keys), "anchor": section.anchor, "title": section.title}
            content = _template(section.html).render({**parts, **section.names(view)})
            found.append((section, Markup(content)))
    return found


@lru_cache(maxsize=64)
def _template(source: str) -> "Template":
    return _environment().from_string(source)


def _parts(view: RunView, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that every template may use."""
    return {**vars(view), "many": view.many, "compact": view.compact, "keys": keys}


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        agreement=agreement,
        amount=formats.amount,
        beyond=formats.beyond,
        brief=_brief,
        cards=cards,
        duration=formats.duration,
        headline=headline.headline,
        highlighted=_highlighted,
        interval=formats.interval,
        level=formats.level,
        needed=formats.needed,
        packed=_packed,
        paragraphs=_paragraphs,
        percent=lambda value: formats.share(value).removesuffix(formats.PERCENT),
        plain=_plain,
        proof_sentence=headline.proof_sentence,
        reach=formats.reach,
        share=formats.share,
        shown_program=shown_program,
        trained_on=formats.trained_on,
        warnings=headline.warnings,
        words=headline.status_words,
    )
    return environment


def _text(name: str) -> str:
    return files("dlcompare.compare.report").joinpath(name).read_text(encoding="utf-8")


@lru_cache(maxsize=4)
def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _colours() -> str:
    """Return CSS rules that give the charts the colours of a light or a dark page.

    Charts carry the colours of the light page, so that they also suit other places.
    """
    names = {colour: f"line-{i}" for i, colour in enumerate(CONTENDER_COLOURS, 1)}
    names |= {BASELINE_COLOUR: "line-baseline", MUTED: "muted", RULE: "rule", SHADE: "shade"}
    return "".join(
        f'svg [{part}="{colour}"]{{{part}:var(--{name})}}\n'
        for colour, name in names.items()
        for part in ("fill", "stroke")
    )


@lru_cache(maxsize=256)
def _packed(text: str) -> str:
    """Compress a text for a script element; the result cannot close the element."""
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _highlighted(source: str) -> "Markup":
    from markupsafe import Markup
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    return Markup(highlight(source.strip("\n"), PythonLexer(), HtmlFormatter(nowrap=True)))


def _paragraphs(task: TaskResult) -> list[tuple[str, bool]]:
    """Split a description into paragraphs, and mark those that are code."""
    lines = [part for part in re.split(r"\n\s*\n|\n(?=\s*>>>)", task.description) if part.strip()]
    found = [
        (text := " ".join(part.split()), text.startswith((f"{task.name}(", ">>>")))
        for part in lines
    ]
    return [*found[:1], *([(task.signature, True)] if task.signature else []), *found[1:]]


def _title(result: Summary) -> str:
    names = [task.name for task in result.tasks]
    if len(names) > _NAMED:
        return f"{len(names)} tasks: {formats.join([*names[: _NAMED - 1], 'others'])}"
    return formats.join(names) or "No task"


def _facts(result: Summary) -> list[str]:
    """Return the parts of the line above the title: the kind of run, and its date."""
    run, facts = result.run, []
    if run.preset:
        facts.append(f"preset {run.preset}")
    if run.seeds:
        facts.append(f"{len(run.seeds)} seed{'' if len(run.seeds) == 1 else 's'}")
    for name, unit in (("gradient_steps", "updates"), ("candidates", "candidates")):
        if isinstance(run.settings.get(name), int):
            facts.append(f"up to {run.settings[name]:,} {unit}")
    facts.append(f"on {run.device}")
    if run.seconds is not None:
        facts.append(formats.duration(run.seconds))
    return [*facts, run.started[:16].replace("T", " ")]


def _run_cards(run: RunFacts) -> list[tuple[str, Mapping[str, Any]]]:
    shown = {name: getattr(run, name) for name in ("preset", "device", "seeds", "started")}
    cards: list[tuple[str, Mapping[str, Any]]] = [
        ("Run", {name: value for name, value in shown.items() if value})
    ]
    for name in ("settings", "versions", "hardware"):
        part: Mapping[str, Any] = getattr(run, name)
        if part:
            named = {f"{key}{_UNITS.get(key, '')}": value for key, value in part.items()}
            cards.append((name.capitalize(), named))
    return cards


def _plain(value: object) -> str:
    """Return a value of a card in words."""
    if value is None or value == "":
        return formats.NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return formats.level(value)
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):  # a learner of a run
        return f"{value['name']}{' (most examples only)' if value.get('largest_only') else ''}"
    if isinstance(value, list | tuple):
        return ", ".join(_plain(entry) for entry in value) or formats.NONE
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else str(value)


def _sketches(task: TaskResult, looks: Mapping[str, Style]) -> list[tuple[str, str]]:
    """Return the small pictures of a task without charts, with their names."""
    found = [("examples", learning_sketch(task, looks))]
    found += [(axis.name, extrapolation_sketch(task, axis, looks)) for axis in task.axes]
    return [(name, picture) for name, picture in found if picture]


def _brief(reason: object) -> str:
    return textwrap.shorten(_plain(reason), 160, placeholder=" …")
