"""``dlcompare algorithms``."""

import click

__all__ = ["command"]


@click.command("algorithms", short_help="Find sorting algorithms from a specification alone.")
@click.argument("task", default="sorting")
def command(task: str) -> int:
    """Find four sorting algorithms from the specification of TASK, and prove each for every length.

    TASK sorts a list of integers and has `ensures=`: sorting, descending, or a task of yours. No
    example is read: insertion, selection, merge and quick sort are designs whose steps are found.
    They are printed as one Python module.

    The exit status is 0 if all are found, 1 if one is not, and 2 if TASK is none of sorting.
    """
    from dlcompare.compare.synth.python_module import module_of
    from dlcompare.synthesis.proofs.symbolic.values import UnsupportedError
    from dlcompare.synthesis.specifications.sorting_algorithms import sorting_algorithms
    from dlcompare.tasks.errors import InputError, NoProgramError
    from dlcompare.tasks.registry import load

    (of,) = load(task)
    if of.ensures is None:
        raise InputError(f"{task} has no specification (ensures=)")
    found: list[tuple[str, str | None]] = []
    failed = ""
    try:
        for each in sorting_algorithms(of.ensures, without=of.without):
            found.append((f"# {each.name}: proved for every length", each.python))
    except UnsupportedError as error:
        raise InputError(f"{task} is no task of sorting integers: {error}") from None
    except NoProgramError as error:
        failed = str(error)
    click.echo(module_of([*found, *([(f"# {failed}", None)] if failed else [])]))
    return int(bool(failed))
