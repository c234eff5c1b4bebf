"""The figures of a report as separate files, SVG or PNG."""

import re
from collections.abc import Iterator

from dlcompare.compare.report.charts import (
    Chart,
    compute_chart,
    extrapolation_chart,
    learning_chart,
)
from dlcompare.compare.report.printable import presented
from dlcompare.compare.report.styles import styles
from dlcompare.compare.summary.summary import Summary

__all__ = ["FORMATS", "figures"]

FORMATS = ("svg", "png")
_SCALE = 3  # pixels of a PNG for each pixel of the SVG


def figures(summary: Summary, format_: str) -> Iterator[tuple[str, bytes]]:
    """Yield every figure of a run: a file name and its content.

    Parameters
    ----------
    summary : Summary
    format_ : {"svg", "png"}
    """
    result = presented(summary)
    looks = styles(result)
    for task in result.tasks:
        charts: dict[str, Chart | None] = {"learning": learning_chart(task, looks)}
        for axis in task.axes:
            charts[f"beyond-{axis.name}"] = extrapolation_chart(task, axis, looks)
        charts["compute"] = compute_chart(task, looks)
        for name, chart in charts.items():
            if chart is not None:
                file = re.sub(r"[^\w.-]+", "_", f"{task.name}-{name}").lstrip(".")
                yield f"{file}.{format_}", _drawn(chart, format_)


def _drawn(chart: Chart, format_: str) -> bytes:
    if format_ == "svg":
        return chart.svg.encode()
    import vl_convert

    # On white: a picture without a background cannot be read on a dark page.
    spec = chart.spec.replace('"background":"transparent"', '"background":"white"')
    drawn: bytes = vl_convert.vegalite_to_png(spec, scale=_SCALE, allowed_base_urls=[])
    return drawn
