"""The command line. A command's module is imported only when the command or its help is used."""

import errno
import sys
from pathlib import Path

import click

from dlcompare.compare.cli.lazy import LazyGroup
from dlcompare.compare.streams import drop_output, prepare
from dlcompare.tasks.errors import DlcompareError, InputError

__all__ = ["main"]

_FEWEST, _FILES = 64, 1024
"""The fewest open files that a run needs, and the number it asks for where the system allows."""


@click.group(
    cls=LazyGroup,
    commands_at={
        "run": "dlcompare.compare.cli.run:command",
        "synth": "dlcompare.compare.cli.synth:command",
        "report": "dlcompare.compare.cli.report:command",
        "control": "dlcompare.compare.cli.control:command",
        "runs": "dlcompare.compare.cli.runs:command",
        "diff": "dlcompare.compare.cli.diff:command",
        "tasks": "dlcompare.compare.cli.tasks:command",
        "check": "dlcompare.compare.cli.check:command",
        "new": "dlcompare.compare.cli.new:command",
        "drive": "dlcompare.compare.cli.drive:command",
        "algorithms": "dlcompare.compare.cli.algorithms:command",
        "sorting-kernels": "dlcompare.compare.cli.sorting_kernels:command",
        "learners": "dlcompare.compare.cli.learners:command",
        "doctor": "dlcompare.compare.cli.doctor:command",
    },
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="dlcompare", prog_name="dlcompare")
def dlcompare() -> None:
    """Give the same examples to a neural sequence learner and to a program synthesizer, and measure
    how many each needs and how far beyond them each still answers right.

    Start with: dlcompare run sorting
    """


def main() -> None:
    """Run the command line and exit.

    The status is 0 if it did what was asked, 1 if `check` found a fault, `synth` has no answer to a
    problem, or something failed inside, 2 for bad usage or input, and 130 if it was interrupted.
    """
    if sys.platform == "win32":
        click.echo("Error: dlcompare runs on Linux and macOS; on Windows, run it in WSL", err=True)
        sys.exit(2)
    prepare()
    try:
        _refuse_a_poor_place()
        status = dlcompare.main(prog_name="dlcompare", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = 2
    except DlcompareError as error:
        click.echo(f"Error: {error}", err=True)
        status = 2
    except BrokenPipeError:
        status = 1  # the reader of the output has closed it
    except OSError as error:
        click.echo(f"Error: {_refusal(error)}", err=True)
        status = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        status = 130
    _let_go()
    sys.exit(status if isinstance(status, int) else 0)


def _refuse_a_poor_place() -> None:
    """Refuse in one sentence what libraries would report in their own words, or not at all.

    Raises
    ------
    InputError
        If the current folder is gone, or too few files may be open.
    """
    try:
        Path.cwd()
    except OSError as error:
        raise InputError(
            "the current folder no longer exists; run the command from another one"
        ) from error
    import resource  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < enough:
        resource.setrlimit(resource.RLIMIT_NOFILE, (enough, hard))
    if enough < _FEWEST:
        raise InputError(
            f"only {enough} files may be open at a time, which is too few; raise the limit "
            f"of this shell with: ulimit -n {_FILES}"
        )


def _let_go() -> None:
    """Flush what is left, so that Python's own flush at exit does not complain."""
    try:
        sys.stdout.flush()
    except (OSError, DlcompareError):
        drop_output()


def _refusal(error: OSError) -> str:
    """Say what the operating system refused, and how to fix it."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return f"too many files are open; raise the limit of this shell with: ulimit -n {_FILES}"
    what = f"{error.filename} cannot be used: " if error.filename else "the system refuses: "
    return f"{what}{error.strerror or error}"
