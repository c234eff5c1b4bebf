"""The page in a real browser, with and without JavaScript, dark and light, wide and narrow."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Error, sync_playwright

from dlcompare.compare.report.html import render_report
from dlcompare.compare.summary.json_values import from_json


def render(summary):
    """The page of a summary in JSON."""
    return render_report(from_json(summary))


HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def browser():
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except Error as error:
            if os.environ.get("DLCOMPARE_REQUIRE_BROWSER"):
                raise
            pytest.skip(f"no browser can be started: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, tmp_path):
    """Opens a summary's page; gives the page, what it asked for and what it complained about."""
    contexts = []

    def visit(summary, **options):
        path = tmp_path / "report.html"
        Path(path).write_text(render(summary), encoding="utf-8")
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        requests, complaints = [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri())
        assert requests == [path.as_uri()]
        return page, requests, complaints

    yield visit
    for context in contexts:
        context.close()


def make_live(page):
    """Scroll every chart into view until it is live."""
    for figure in page.query_selector_all("figure"):
        figure.scroll_into_view_if_needed()
        page.wait_for_function("figure => figure.dataset.live === 'yes'", arg=figure)


def point_at_a_value(page):
    """Move the pointer onto the last point of the learner that lies on top."""
    points = page.locator("figure >> nth=0").locator(".mark-symbol >> nth=0").locator("path")
    points.last.hover(force=True)
    page.wait_for_selector("#vg-tooltip-element.visible", timeout=5000)


def test_without_javascript_everything_is_there(visit, summary):
    page, _, complaints = visit(summary, java_script_enabled=False)
    assert page.locator(".chart svg:visible").count() == 7
    assert "synthesis on 1 and the transformer on 1" in page.inner_text(".lede >> nth=0")
    assert "Synthesis needs 16 examples" in page.inner_text("#task-1 .lede")
    assert page.locator(".glance").bounding_box()["y"] < 500
    assert page.locator("button").count() == 0
    assert complaints == []


def test_with_javascript_the_charts_come_alive_in_their_place(visit, summary):
    page, requests, complaints = visit(summary)
    height = "document.documentElement.scrollHeight"
    before = page.evaluate(height)
    make_live(page)
    assert page.evaluate(height) == before
    point_at_a_value(page)
    assert "exact match" in page.inner_text("#vg-tooltip-element")
    assert len(requests) == 1
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_never_scrolls_sideways(visit, summary, scheme, width):
    page, _, _ = visit(
        summary, color_scheme=scheme, viewport={"width": width, "height": 900}
    )  # fmt: skip
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    line = page.evaluate(
        "getComputedStyle(document.querySelector('.chart [stroke=\"#0b5c9e\"]')).stroke"
    )
    assert (paper, line) == {
        "light": ("rgb(255, 254, 251)", "rgb(11, 92, 158)"),
        "dark": ("rgb(22, 24, 28)", "rgb(116, 180, 238)"),
    }[scheme]


def test_paper_is_white_and_shows_the_numbers(visit, summary):
    page, _, _ = visit(summary, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 254, 251)"
    assert not page.locator("button").first.is_visible()


def test_the_program_can_be_copied(visit, summary):
    page, _, _ = visit(summary)
    page.locator(".program button").first.click()
    selected = page.evaluate("getSelection().toString()")
    names = {}
    exec(selected, names)  # what a reader pastes must run
    assert names["sorting"]([3, 1, 3, 2]) == [1, 2, 3, 3]


def test_hostile_text_is_shown_and_does_nothing(visit, edited):
    def deface(summary):
        task = summary["tasks"].pop("sorting")
        summary["tasks"][f"sorting{HOSTILE}"] = task
        task["description"] = task["signature"] = HOSTILE
        task["axes"][HOSTILE] = task["axes"].pop("length")
        for learner in task["learners"].values():
            learner["label"] += HOSTILE
            learner["extrapolation"][HOSTILE] = learner["extrapolation"].pop("length")
            for failure in learner["failures"]:
                failure["reason"] = HOSTILE
            for program in learner["programs"]:
                program["python"] += f"# {HOSTILE}"
        task["learners"][HOSTILE] = task["learners"].pop("copy")
        summary["run"]["command"] += HOSTILE

    page, requests, complaints = visit(edited(deface))
    make_live(page)
    point_at_a_value(page)
    assert page.title() != "taken"
    assert page.locator("img").count() == 0
    assert HOSTILE in page.inner_text("h1")
    assert len(requests) == 1
    assert complaints == []
