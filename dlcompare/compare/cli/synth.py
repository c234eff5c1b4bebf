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
    help="Problems at a time; spare cores search for the same problem. The answers are "
    "the same unless time runs out.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "python"]),
    default="table",
    show_default=True,
    help="Output format: a table, one JSON object per line, or a Python module.",
)
@click.option("--json", "json_lines", is_flag=True, help="Short for --format json.")
@click.option("--output", metavar="NAME", help="CSV: the column of outputs.  [default: the last]")
@click.option(
    "--text",
    metavar="NAME",
    multiple=True,
    help="CSV: a column to read as text, whatever it looks like; may be given several times.",
)
@click.option(
    "--learn",
    metavar="OUT",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Learn the costs of primitives from the programs found, and write them to this file.",
)
@click.option(
    "--grammar",
    metavar="COSTS",
    type=click.Path(path_type=Path),
    help="Search with costs that --learn has written.",
)
@click.option(
    "--library",
    type=click.Choice(["full", "core"]),
    default="full",
    show_default=True,
    help="The primitives that programs may use: all of them, or a frozen set of 15.",
)
@click.option(
    "--reweigh",
    is_flag=True,
    help="Run a second search beside the first, with costs learned on the way from terms that are "
    "right on some examples.",
)
@click.option(
    "--noise",
    metavar="SHARE",
    type=click.FloatRange(0, 0.5),
    default=0.0,
    show_default=True,
    help="Share of examples that may be mislabelled. A program that gets so many wrong is an "
    "answer then, and names them; without this option it is not.",
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
    library: str,
    reweigh: bool,
    noise: float,
    quiet: bool,
) -> int:
    """Find programs for the problems of FILE.

    \b
    problems.jsonl   one problem a line: {"name": …, "inputs": {"x": […]},
                     "outputs": […], "held_out": {"inputs": …, "outputs": …}}
    examples.csv     one problem: a header, then one example a row; or examples.tsv
    problem.sy       one problem in the SyGuS interchange format

    A program for a .jsonl or .csv file answers every example; one for a .sy file is proved right.
    If there is none, the closest program is shown with what it gets wrong.

    With --learn OUT the costs of primitives are learned from the programs found that also answer
    all held-out examples; --grammar OUT uses these costs in another search.

    The exit status is 0 if every problem has an answer, 1 if one has none, 2 if the input cannot be
    used or the examples of a problem contradict each other, and 130 if interrupted.
    """
    from dlcompare.compare.execution.compiling import COMPILING, must_compile
    from dlcompare.compare.synth.printing import Printer, as_json, as_term, following
    from dlcompare.compare.synth.problems import SYGUS_SUFFIXES, SearchOptions, questions_in
    from dlcompare.compare.synth.solving import Limits, SynthAnswer, solve
    from dlcompare.synthesis.grammar import costs
    from dlcompare.tasks.errors import InputError

    if file.suffix in SYGUS_SUFFIXES and (
        learn or grammar or reweigh or noise or library != "full"
    ):
        options = "--learn, --grammar, --library, --reweigh and --noise"
        raise InputError(f"{options} are for files of examples")
    if learn and not learn.parent.is_dir():
        raise InputError(f"there is no folder {learn.parent} for --learn")
    given = costs.read(grammar) if grammar else {}
    chosen = SearchOptions(given, reweigh, noise, library=library)
    questions, preload = questions_in(file, output, text, chosen)
    table = as_term if file.suffix in SYGUS_SUFFIXES else None
    form = "json" if json_lines else form
    printer = Printer({"json": as_json, "python": None, "table": table}[form], form == "python")
    if not quiet:
        notes = (note for each in questions for note in each.notes)
        for note in [*notes, *([COMPILING] if must_compile(preload) else [])]:
            click.echo(note, err=True)
    interrupted = False
    found: list[SynthAnswer] = []
    with following(len(questions), quiet) as tell:

        def finish(place: int, answer: SynthAnswer) -> None:
            tell(answer)
            found.append(answer)
            printer.add(place, answer)

        try:
            solve(questions, Limits(timeout, int(memory * 1e9)), jobs, preload, finish)
        except KeyboardInterrupt:
            interrupted = True
    printer.close()
    if learn:
        right = [each.uses for each in found if each.right]
        costs.write(learn, costs.learned(right))
        click.echo(f"costs learned from {len(right)} programs are in {learn}", err=True)
    if interrupted:
        click.echo("interrupted", err=True)
        return 130
    statuses = {each.status for each in found}
    return 2 if "contradictory" in statuses else int(statuses != {"ok"})
