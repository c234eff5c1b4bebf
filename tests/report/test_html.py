"""The page: one file, whole without a script, true to the summary, safe with any text."""

import base64
import copy
import gzip
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib.resources import files
from xml.etree import ElementTree

import altair
import pytest

from dlcompare.compare.report.html import render_report
from dlcompare.compare.summary.json_values import from_json


def render(summary):
    """The page of a summary in JSON."""
    return render_report(from_json(summary))


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"


class Page(HTMLParser):
    """Elements with their attributes, scripts, and text by a data attribute."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.scripts, self.texts, self.words = [], [], {}, []
        self._key = self._script = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.elements.append((tag, found))
        keys = [f"{k} {v}" for k, v in found.items() if k in ("data-n-at-90", "data-horizon")]
        self._key = keys[0] if keys else None
        self._script = tag in ("script", "style")

    def handle_data(self, data):
        if self._script:
            self.scripts.append(data)
            self._script = False
            return
        self.words.append(data)
        if self._key:
            self.texts[self._key] = data
            self._key = None


def deface(value, key=""):
    """Hostile text in every name and every text; what the schema fixes stays."""
    if isinstance(value, dict):
        named = key in ("tasks", "learners", "axes", "extrapolation", "horizon", "prior", "bound")
        return {
            (f"{k}{HOSTILE}" if named or key in ("versions", "settings", "hardware") else k):
            deface(v, k) for k, v in value.items()
        }  # fmt: skip
    if isinstance(value, list):
        return [deface(entry, key) for entry in value]
    if isinstance(value, str) and key not in ("status", "method", "verdict", "censored"):
        return f"{value}{HOSTILE}"
    return value


@pytest.fixture(scope="module")
def pages():
    return {}


@pytest.fixture
def html(summary, pages):
    if "html" not in pages:
        pages["html"] = render(summary)
    return pages["html"]


def test_the_charts_are_drawn_before_the_page_is_written(html):
    figures = re.findall(r'<div class="chart".*?>(<svg.*?</svg>)</div>', html, re.DOTALL)
    assert len(figures) == 7
    for figure in figures:
        ElementTree.fromstring(figure)


def test_the_specifications_are_valid_and_the_library_is_whole(html):
    packed = [script for script in Page(html).scripts if script.startswith("H4sI")]
    texts = [gzip.decompress(base64.b64decode(script)).decode() for script in packed]
    charts = [json.loads(text) for text in texts if text.startswith('{"$schema"')]
    assert len(charts) == 7
    for chart in charts:
        altair.LayerChart.from_dict(chart)  # against the schema of Vega-Lite
    assert "vegaEmbed" in texts[-1]


def test_the_page_asks_no_host_for_anything(html):
    page = Page(html)
    loading = {"src", "srcset", "data", "poster", "background", "action", "xlink:href"}
    assert not [e for e in page.elements if loading & e[1].keys()]
    assert not [e for e in page.elements if e[0] in ("link", "iframe", "object", "embed", "base")]
    assert all(e[1]["href"].startswith("#") for e in page.elements if "href" in e[1])
    assert "url(" not in page.scripts[0]
    assert "@import" not in page.scripts[0]


def test_the_figures_are_the_summary_s(html, summary):
    sections = re.split("<section", html)[1:]
    assert len(sections) == len(summary["tasks"]) + 1
    for section, task in zip(sections, summary["tasks"].values(), strict=False):
        texts = Page(f"<section{section}").texts
        for name, learner in task["learners"].items():
            needs = learner["n_at_90"]
            shown = texts[f"data-n-at-90 {name}"].removeprefix("≤ ")
            assert shown == ("—" if needs is None else f"{needs:,}")
            for axis, horizon in learner["horizon"].items():
                levels = [point["level"] for point in learner["extrapolation"][axis]]
                assert texts[f"data-horizon {name} {axis}"] == (
                    f"not to {levels[0]:,}" if horizon is None
                    else f"up to {horizon:,}" if horizon == levels[-1]
                    else f"{horizon:,} of {levels[-1]:,}"
                )  # fmt: skip


def test_every_failed_trial_stands_with_its_reason(html):
    assert html.count("no program in 20,000,000") == 2
    assert "stopped after 120 s" in html


def test_shared_seconds_are_called_that(edited, html):
    def share(summary):
        summary["tasks"]["sorting"]["learners"]["transformer"]["stacked"] = 12

    said = "Trials fitted at once, in one process per learner: 12 of transformer. Each of them"
    assert said not in html
    assert render(edited(share)).count(said) >= 2


def test_a_wrong_answer_is_marked_from_where_it_parts(html):
    assert "<code>[1, <mark>3, 2]</mark></code>" in html
    assert html.count("<mark>") == 1
    assert "wrong from token 3" in html


def test_how_sure_a_difference_is_stands_in_words(html):
    assert "3 seeds cannot show that it is more than chance" in html
    assert "the transformer is right on 25 points more of the new inputs than synthesis" in html
    assert "chance does not explain it (sign-flip test over 8 tasks, p = 0.01)" in html
    assert "16 to &gt;4,096" in html


def test_the_claims_stand_with_verdict_figures_and_what_speaks_against_them(html, summary):
    section = html.partition('id="claims"')[2].partition("</section>")[0]
    for claim in summary["claims"]:
        assert claim["verdict"] in section.lower()
        assert f"<dt>{claim['id']}</dt>" in section or f"<b>{claim['id']}</b>" in section
    assert "not ours" in section
    assert "in the range measured (up to 4,096 pairs" in section


def test_hostile_text_stays_text(summary):
    plain, defaced = Page(render(summary)), Page(render(deface(summary)))
    tags = [tag for tag, _ in plain.elements]
    assert [tag for tag, _ in defaced.elements if tag in ("script", "img")] == [
        tag for tag in tags if tag == "script"
    ]
    assert not [a for _, a in defaced.elements if any(name.startswith("on") for name in a)]
    assert any(HOSTILE in word for word in defaced.words)


def test_a_run_in_progress_says_so(edited, html):
    assert "In progress" in render(edited(lambda s: s["run"].update(finished=3)))
    assert "In progress" not in html


def bare(value, schema, definitions):
    """What the schema requires of a value, and nothing else."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    if isinstance(value, list):
        return [bare(entry, schema.get("items", {}), definitions) for entry in value]
    if not isinstance(value, dict):
        return value
    parts, others = schema.get("properties", {}), schema.get("additionalProperties")
    kept = {k: v for k, v in value.items() if k not in parts or k in schema.get("required", ())}
    return {k: bare(v, parts.get(k) or others or {}, definitions) for k, v in kept.items()}


def test_only_what_the_schema_requires_must_be_there(summary):
    text = files("dlcompare.compare").joinpath("summary.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    least = bare(summary, schema, schema["$defs"])
    assert least.keys() == {"schema", "run", "tasks"}
    assert "area" not in least["tasks"]["sorting"]["learners"]["synthesis"]
    Page(render(least))


def test_a_run_without_a_task_is_a_page(edited):
    assert "Nothing has been measured yet." in render(edited(lambda s: s["tasks"].clear()))


def test_ten_tasks_fit_in_two_megabytes(edited):
    def multiply(summary):
        task = summary["tasks"]["sorting"]
        summary["tasks"] = {f"sorting {i}": copy.deepcopy(task) for i in range(10)}

    assert len(render(edited(multiply)).encode()) < 2_000_000


def test_nothing_heavy_loads_before_a_report_is_asked_for():
    code = (
        "import sys, dlcompare.compare.report.html, dlcompare.compare.report.charts;"
        "print([m for m in ('altair', 'vl_convert', 'jinja2', 'pygments') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
