"""``dlcompare report``."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dlcompare.compare.api import Run

__all__ = ["command"]


@click.command("report", short_help="Show a run again, or write it in another format.")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["html", "md", "csv", "parquet", "svg", "png"]),
    help="What to write: the report, its scores as one tidy table, or its figures.",
)
@click.option(
    "-o",
    "--output",
    metavar="PATH",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Destination; - is standard output. For figures, a folder.",
)
@click.option(
    "--task",
    "tasks",
    metavar="NAME",
    multiple=True,
    help="Show only this task, with all its charts; may be given several times.",
)
@click.option("--open", "open_", is_flag=True, help="Open the report in the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print summary.json and nothing else.")
def command(
    folder: Path | None,
    format_: str | None,
    output: Path | None,
    tasks: tuple[str, ...],
    open_: bool,
    as_json: bool,
) -> None:
    """Rewrite report.html and summary.json of a run, and print its table.

    DIR is the folder of a run, by default the newest one under runs/. With --format, only that
    format is written and nothing is printed.

    \b
    dlcompare report --open
    dlcompare report runs/today --format csv -o - | head
    dlcompare report runs/today --task sorting --format html -o sorting.html
    dlcompare report runs/today --format svg -o figures/
    """
    from dlcompare.compare.api import load_run
    from dlcompare.compare.cli.printing_runs import show, tell
    from dlcompare.compare.experiment.folders import newest
    from dlcompare.compare.experiment.publish import publish
    from dlcompare.compare.report.chosen_parts import only

    if output is not None and format_ is None:
        raise click.UsageError("-o needs --format: html, md, csv, parquet, svg or png")
    run = load_run(folder if folder is not None else newest())
    if format_ is not None or as_json:  # the table shows them itself
        tell(run.damage)
    if tasks:
        trials = tuple(trial for trial in run.trials if trial.task in tasks)
        run = replace(run, results=only(run.results, tasks), trials=trials)
    if format_ is not None:
        _write(run, format_, output or Path("-"))
    else:
        if not tasks:  # the report in the folder covers all tasks
            publish(run.folder, run.results)
        show(run, as_json, sys.stdout)
    if open_:
        import webbrowser

        page = output if format_ == "html" and output and str(output) != "-" else run.report
        if not webbrowser.open(page.resolve().as_uri()):
            click.echo(f"no browser could be opened; the report is {page}", err=True)


def _write(run: "Run", format_: str, output: Path) -> None:
    from dlcompare.compare.report.figures import FORMATS, figures
    from dlcompare.tasks.errors import InputError

    whole = str(output) == "-"
    if format_ in FORMATS and whole:
        raise click.UsageError(f"--format {format_} writes several files; name a folder with -o")
    if format_ == "parquet" and whole and sys.stdout.isatty():
        raise click.UsageError("a Parquet file cannot be shown on a terminal; name a file with -o")
    try:
        if format_ in FORMATS:
            output.mkdir(parents=True, exist_ok=True)
            for name, content in figures(run.results, format_):
                (output / name).write_bytes(content)
                click.echo(output / name)
        elif whole:
            sys.stdout.buffer.write(_content(run, format_))
            sys.stdout.buffer.flush()
        else:
            output.write_bytes(_content(run, format_))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror}") from error


def _content(run: "Run", format_: str) -> bytes:
    from dlcompare.compare.statistics.data_frames import as_csv, as_parquet, score_rows

    match format_:
        case "html":
            from dlcompare.compare.report.html import render_report

            return render_report(run.results).encode()
        case "md":
            from dlcompare.compare.report.markdown import render_markdown

            return render_markdown(run.results).encode()
        case "csv":
            return as_csv(score_rows(run.trials)).encode()
        case _:
            return as_parquet(score_rows(run.trials))
