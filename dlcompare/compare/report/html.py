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
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from dlcompare.compare.report import charts, formats, headline
from dlcompare.compare.report.cards import cards
from dlcompare.compare.report.certainty import certainty, needed_interval, reach_interval
from dlcompare.compare.report.glance import glance, overall
from dlcompare.compare.report.library import charting_library
from dlcompare.compare.report.reading import read
from dlcompare.compare.report.results import (
    AxisResult,
    LearnerResult,
    Point,
    RunResult,
    TaskResult,
    shown_program,
)
from dlcompare.compare.report.side_by_side import parted, side_by_side
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
from dlcompare.compare.report.successes import successes

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

__all__ = ["render_report"]

_LONGEST_REASON = 2_000
_UNITS = {"timeout": " in seconds", "memory": " in GB"}
_CHARTED = 12  # tasks whose live charts fit into two megabytes; more tasks get sketches
_NAMED = 4  # tasks named in the title


def render_report(summary: Mapping[str, Any]) -> str:
    """Return the report of a run as one self-contained HTML page.

    Parameters
    ----------
    summary : mapping
        As ``summary.schema.json`` describes it; any part may be missing, as it is while the run
        goes on.

    Returns
    -------
    str
        A page to be written as UTF-8.
    """
    from markupsafe import Markup

    result = read(summary)
    looks = styles(result)
    compact = len(result.tasks) > _CHARTED
    bundle, script = "" if compact else charting_library(), _text("interactive.js.jinja")
    return _template().render(
        result=result,
        compact=compact,
        curve=lambda task: learning_sketch(task, looks),
        sketches=lambda task: _sketches(task, looks),
        title=_title(result),
        facts=_facts(result),
        keys={name: key(style) for name, style in looks.items()},
        compute=lambda task: charts.compute_chart(task, looks),
        learning=lambda task: charts.learning_chart(task, looks),
        extrapolation=lambda task, axis: charts.extrapolation_chart(task, axis, looks),
        run_cards=_run_cards(result.run),
        style=Markup(_text("report.css") + _colours()),
        bundle=bundle,
        script=Markup(script),
        policy=(
            "default-src 'none'; style-src 'unsafe-inline'; "
            f"script-src {_hash(bundle)} {_hash(script)}; base-uri 'none'; form-action 'none'"
        ),
    )


@lru_cache(maxsize=1)
def _template() -> "Template":
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        amount=formats.amount,
        at_levels=_at_levels,
        brief=_brief,
        beyond=formats.beyond,
        cards=cards,
        certainty=certainty,
        duration=formats.duration,
        excerpt=_excerpt,
        glance=glance,
        headline=headline.headline,
        highlighted=_highlighted,
        interval=formats.interval,
        level=formats.level,
        needed=formats.needed,
        needed_interval=needed_interval,
        overall=overall,
        packed=_packed,
        paragraphs=_paragraphs,
        parted=parted,
        percent=lambda value: formats.share(value).removesuffix(formats.PERCENT),
        plain=_plain,
        control_sentence=headline.control_sentence,
        proof_sentence=headline.proof_sentence,
        prose=lambda task: {x.name: headline.name_in_prose(x) for x in task.learners},
        reach=formats.reach,
        reach_interval=reach_interval,
        setting=formats.setting,
        share=formats.share,
        shown_program=shown_program,
        side_by_side=side_by_side,
        successes=successes,
        trained_on=formats.trained_on,
        warnings=headline.warnings,
        words=headline.status_words,
    )
    return environment.get_template("report.html.jinja")


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


def _title(result: RunResult) -> str:
    names = [task.name for task in result.tasks]
    if len(names) > _NAMED:
        return f"{len(names)} tasks: {formats.join([*names[: _NAMED - 1], 'others'])}"
    return formats.join(names) or "No task"


def _at_levels(learner: LearnerResult, axis: AxisResult) -> list[Point | None]:
    """Return the learner's points at the levels of an axis, in order."""
    points = {point.at: point for point in learner.extrapolation.get(axis.name, ())}
    return [points.get(at) for at in axis.test]


def _facts(result: RunResult) -> list[str]:
    """Return the parts of the line above the title: the kind of run, and its date."""
    run, facts = result.run, []
    if run.get("preset"):
        facts.append(f"preset {run['preset']}")
    seeds = run.get("seeds")
    if isinstance(seeds, list) and seeds:
        facts.append(f"{len(seeds)} seed{'' if len(seeds) == 1 else 's'}")
    limits = run["settings"] if isinstance(run.get("settings"), Mapping) else {}
    for name, unit in (("gradient_steps", "updates"), ("candidates", "candidates")):
        if isinstance(limits.get(name), int):
            facts.append(f"up to {limits[name]:,} {unit}")
    if run.get("device"):
        facts.append(f"on {run['device']}")
    if isinstance(run.get("seconds"), int | float):
        facts.append(formats.duration(run["seconds"]))
    if isinstance(run.get("started"), str):
        facts.append(run["started"][:16].replace("T", " "))
    return facts


def _run_cards(run: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    shown = {name: run[name] for name in ("preset", "device", "seeds", "started") if run.get(name)}
    cards: list[tuple[str, Mapping[str, Any]]] = [("Run", shown)]
    for name in ("settings", "versions", "hardware"):
        part = run.get(name)
        if isinstance(part, Mapping) and part:
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


def _excerpt(reason: object) -> str:
    text = _plain(reason)
    rest = len(text) - _LONGEST_REASON
    return text if rest <= 0 else f"{text[:_LONGEST_REASON]} … ({rest:,} more characters)"
