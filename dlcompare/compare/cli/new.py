"""``dlcompare new``."""

import keyword
from pathlib import Path

import click

__all__ = ["command"]

TASK = '''"""The task {name}: change it into your own."""

from dlcompare import ints, lists, task


@task(
    inputs=lists(ints(0, 99)),
    train={{"length": range(1, 9)}},
    test={{"length": [12, 16, 32, 64], "magnitude": [1_000, 10_000]}},
    without={{"largest", "sort"}},
    ensures=lambda xs, result: result in xs and all(x <= result for x in xs),
)
def {name}(xs: list[int]) -> int:
    """The largest element of a list.

    {name}([31, 4, 15]) == 31

    Two primitives are withheld: the one for the largest element, and the one that sorts.
    """
    return max(xs)
'''

TEST = '''"""The task {name} is in order; `dlcompare check {file}` says the same."""

from pathlib import Path

from dlcompare.tasks.contract import faults
from dlcompare.tasks.registry import load

FILE = Path(__file__).with_name("{file}")


def test_{name}_meets_the_contract():
    (task,) = load(f"{{FILE}}:{name}")
    assert faults(task) == []
'''


@click.command("new", short_help="Write a task file and its test into this folder.")
@click.argument("name")
def command(name: str) -> None:
    """Write NAME.py, a task to change into your own, and test_NAME.py into this folder."""
    if not (name.isascii() and name.isidentifier()) or keyword.iskeyword(name):
        raise click.UsageError(
            f"{name!r} cannot be the name of a function; use letters, digits and underscores, as "
            "in: dlcompare new largest"
        )
    files = {f"{name}.py": TASK, f"test_{name}.py": TEST}
    for file in files:
        if Path(file).exists():
            raise click.UsageError(f"{file} exists; choose another name, or move it away")
    for file, text in files.items():
        try:
            with Path(file).open("x", encoding="utf-8") as out:
                out.write(text.format(name=name, file=f"{name}.py"))
        except OSError as error:
            raise click.UsageError(f"{file} cannot be written: {error.strerror}") from error
        click.echo(f"wrote {file}")
    click.echo(f"next: dlcompare check {name}.py, then dlcompare run {name}.py", err=True)
