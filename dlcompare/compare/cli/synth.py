"""``dlcompare synth``."""

from pathlib import Path

import click

from dlcompare.compare.cli import options

__all__ = ["command"]


@click.command("synth", short_help="Find programs for examples, or for a SyGuS file.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@options.limits("a problem", 60.0)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Problems at a time; where there are fewer, cores that search for one. The answers are "
    "the same unless time runs out.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "python"]),
    default="table",
    show_default=True,
    help="What to print: a table, one JSON object a line, or Python functions.",
)
@click.option("--json", "json_lines", is_flag=True, help="Short for --format json.")
@click.option("--output", metavar="NAME", help="CSV: the column of outputs.  [default: the last]")
@click.option(
    "--text",
    metavar="NAME",
    multiple=True,
    help="CSV: a column that is text, whatever it looks like; may be given several times.",
)
@click.option(
    "--learn",
    metavar="OUT",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the costs of primitives that the programs found speak for.",
)
@click.option(
    "--grammar",
    metavar="COSTS",
    type=click.Path(path_type=Path),
    help="Search with costs that --learn wrote.",
)
@click.option(
    "--reweigh",
    is_flag=True,
    help="Search a second time beside the first, at costs learned on the way from terms that are "
    "right on some examples.",
)
@options.quiet
def command(
    file: Path,
    timeout: float,
    memory: float,
    jobs: int,
    form: str,
    json_lines: bool,
    output: str | None,
    text: tuple[str, ...],
    learn: Path | None,
    grammar: Path | None,
    reweigh: bool,
    quiet: bool,
) -> int:
    """Find programs for the problems of FILE.

    \b
    problems.jsonl   one problem a line: {"name": …, "inputs": {"x": […]},
                     "outputs": […], "held_out": {"inputs": …, "outputs": …}}
    examples.csv     one problem: a header, then one example a row
    problem.sy       one problem in the SyGuS interchange format

    A program for a .jsonl or .csv file answers every example; one for a .sy file is proved right.
    Where the time is over first, the best program so far is shown as such.

    With --learn OUT the costs of primitives are learned from what the programs found use (those
    that also answer all held-out examples); --grammar OUT searches with them elsewhere.
    """
    from dlcompare.compare.cli.answers import Printer, as_json, as_python, as_term, following
    from dlcompare.compare.questions import SYGUS_SUFFIXES, questions_in
    from dlcompare.compare.solving import Answer, solve
    from dlcompare.synthesis import costs
    from dlcompare.tasks.errors import InputError

    if file.suffix in SYGUS_SUFFIXES and (learn or grammar or reweigh):
        raise InputError("--learn, --grammar and --reweigh are for files of examples")
    if learn and not learn.parent.is_dir():
        raise InputError(f"there is no folder {learn.parent} for --learn")
    prices = costs.read(grammar) if grammar else None
    questions, preload = questions_in(file, output, text, prices, reweigh)
    table = as_term if file.suffix in SYGUS_SUFFIXES else None
    forms = {"json": as_json, "python": as_python, "table": table}
    printer = Printer(forms["json" if json_lines else form])
    status = 0
    found: list[Answer] = []
    with following(len(questions), quiet) as tell:

        def finish(place: int, answer: Answer) -> None:
            tell(answer)
            found.append(answer)
            printer.add(place, answer)

        try:
            solve(questions, timeout, int(memory * 1e9), jobs, preload, finish)
        except KeyboardInterrupt:
            status = 130
    printer.close()
    if learn:
        right = [each.uses for each in found if each.right]
        costs.write(learn, costs.learned(right))
        click.echo(f"costs learned from {len(right)} programs are in {learn}", err=True)
    if status:
        click.echo("interrupted", err=True)
    return status
