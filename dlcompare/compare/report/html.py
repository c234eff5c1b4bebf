"""The report as one page that needs nothing else: no network, no script, no other file.

Charts are drawn before the page is written. A browser that runs scripts makes them live; the
scripts are in the page, and its security policy names them by their hashes and forbids every other
script and every request.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from dlcompare.compare.report import charts, formats, headline
from dlcompare.compare.report.reading import read
from dlcompare.compare.report.results import RunResult, shown_program
from dlcompare.compare.report.styles import (
    BASELINE_COLOUR,
    CONTENDER_COLOURS,
    MUTED,
    RULE,
    SHADE,
    key,
    styles,
)

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

__all__ = ["render_report"]

_LONGEST_REASON = 2_000


def render_report(summary: Mapping[str, Any]) -> str:
    """The report of a run as one self-contained HTML page.

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
    bundle, script = _bundle(), _text("interactive.js.jinja")
    return _template().render(
        result=result,
        title=formats.join([task.name for task in result.tasks]) or "No task",
        facts=_facts(result),
        keys={name: key(style) for name, style in looks.items()},
        learning=lambda task: charts.learning_chart(task, looks),
        extrapolation=lambda task, axis: charts.extrapolation_chart(task, axis, looks),
        run_cards=_run_cards(result.run),
        style=Markup(_text("report.css") + _colours()),
        bundle=Markup(bundle),
        script=Markup(script),
        policy=(
            "default-src 'none'; style-src 'unsafe-inline'; "
            f"script-src {_hash(bundle)} {_hash(script)}; base-uri 'none'; form-action 'none'"
        ),
    )


@lru_cache(maxsize=1)
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(
        amount=formats.amount,
        beyond=formats.beyond,
        duration=formats.duration,
        embedded=_embedded,
        excerpt=_excerpt,
        headline=headline.headline,
        highlighted=_highlighted,
        interval=formats.interval,
        needed=formats.needed,
        percent=lambda value: formats.share(value).removesuffix(formats.PERCENT),
        plain=_plain,
        proof_sentence=headline.proof_sentence,
        reach=formats.reach,
        setting=formats.setting,
        share=formats.share,
        shown_program=shown_program,
        trained_on=formats.trained_on,
        words=headline.status_words,
    )
    return environment.from_string(_text("report.html.jinja"))


def _text(name: str) -> str:
    return files("dlcompare.compare.report").joinpath(name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _bundle() -> str:
    """Vega, Vega-Lite and vega-embed as one script."""
    import vl_convert

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    # What would end the element early may not stand in it, even inside a string of the library's.
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


@lru_cache(maxsize=4)
def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _colours() -> str:
    """Rules that let the style sheet decide the colours of the charts, for a light or a dark page.

    Charts carry the colours of the light page, so that they are right outside of this page too.
    """
    names = {colour: f"line-{i}" for i, colour in enumerate(CONTENDER_COLOURS, 1)}
    names |= {BASELINE_COLOUR: "line-baseline", MUTED: "muted", RULE: "rule", SHADE: "shade"}
    return "".join(
        f'svg [{part}="{colour}"]{{{part}:var(--{name})}}\n'
        for colour, name in names.items()
        for part in ("fill", "stroke")
    )


def _embedded(spec: str) -> "Markup":
    """JSON as the content of a script element, which no text in it can end."""
    from markupsafe import Markup

    for character in "<>&":
        spec = spec.replace(character, f"\\u{ord(character):04x}")
    return Markup(spec)


def _highlighted(source: str) -> "Markup":
    from markupsafe import Markup
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

    return Markup(highlight(source.strip("\n"), PythonLexer(), HtmlFormatter(nowrap=True)))


def _facts(result: RunResult) -> list[str]:
    """The line above the title: what kind of run this was, and when."""
    run, facts = result.run, []
    if run.get("preset"):
        facts.append(f"preset {run['preset']}")
    seeds = run.get("seeds")
    if isinstance(seeds, list) and seeds:
        facts.append(f"{len(seeds)} seed{'' if len(seeds) == 1 else 's'}")
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
            cards.append((name.capitalize(), part))
    return cards


def _plain(value: object) -> str:
    """A value of a card as words."""
    if value is None or value == "":
        return formats.NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return formats.level(value)
    if isinstance(value, list | tuple):
        return ", ".join(_plain(entry) for entry in value) or formats.NONE
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else str(value)


def _excerpt(reason: object) -> str:
    text = _plain(reason)
    rest = len(text) - _LONGEST_REASON
    return text if rest <= 0 else f"{text[:_LONGEST_REASON]} … ({rest:,} more characters)"
