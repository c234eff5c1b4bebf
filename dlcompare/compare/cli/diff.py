"""``dlcompare diff``."""

import json
import sys
from pathlib import Path
from typing import Any

import click

__all__ = ["command"]


@click.command("diff", short_help="Show what differs between two runs.")
@click.argument("first", metavar="A", type=click.Path(path_type=Path))
@click.argument("second", metavar="B", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Show what does not differ as well.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(first: Path, second: Path, everything: bool, as_json: bool) -> None:
    """Compare run B with run A, paired by seed: exact match inside the training range.

    Differences in versions, settings and tasks come first.
    """
    from dlcompare.compare.api import load_run
    from dlcompare.compare.cli.printing_runs import tell
    from dlcompare.compare.difference import difference
    from dlcompare.compare.streams import json_text

    runs = load_run(first), load_run(second)
    for folder, run in zip((first, second), runs, strict=True):
        tell(f"{folder}: {sentence}" for sentence in run.damage)
    its = difference(*runs)
    if as_json:
        click.echo(json_text(its))
        return
    from rich.console import Console

    console = Console(file=sys.stdout)
    for name, (ours, theirs) in its["made"].items():
        _say(console, f"{name}: {_word(ours)} → {_word(theirs)}")
    for task, parts in its["tasks"].items():
        _say(console, f"task {task} is not the same: {', '.join(parts)}")
    for folder, only in zip((first, second), its["only"], strict=True):
        if only:
            learners = sorted({f"{each['task']} {each['learner']}" for each in only})
            _say(console, f"only in {folder}: {len(only)} cells, of {', '.join(learners)}")
    cells = [each for each in its["cells"] if everything or each["difference"]]
    if cells:
        console.print(_table(cells))
    same = len(its["cells"]) - len(cells)
    if not its["cells"]:
        _say(console, "The runs have no task, learner and number of examples in common.")
    elif same:
        _say(console, f"{same} of {len(its['cells'])} cells in common do not differ.")


def _table(cells: list[dict[str, Any]]) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from dlcompare.compare.report.printable import printable

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in ("task", "learner"):
        table.add_column(name, overflow="fold")
    for name in ("n", "A", "B", "B − A", "95 %", "sign-flip"):
        table.add_column(name, justify="right")
    for each in cells:
        interval = "" if each["low"] is None else f"{each['low']:+.2f} … {each['high']:+.2f}"
        few = each["verdict"] == "too few pairs"
        test = f"{each['pairs']} of {each['pairs_needed']} seeds" if few else f"p = {each['p']:.2g}"
        words = [each["task"], each["learner"], f"{each['n']:,}"]
        words += [f"{mean:.2f}" for mean in each["means"]]
        words += [f"{each['difference']:+.2f}", interval, test]
        table.add_row(*map(Text, map(printable, words)))
    return table


def _word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _say(console: Any, line: str) -> None:
    from dlcompare.compare.report.printable import printable

    console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
