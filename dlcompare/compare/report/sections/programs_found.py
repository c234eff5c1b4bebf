"""The program that each learner found; on a page it stands above, with the learners' cards."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from dlcompare.compare.report.headline import proof_sentence
from dlcompare.compare.report.markdown_text import escaped, fenced
from dlcompare.compare.report.section import Section, TaskView
from dlcompare.compare.report.shown_program import agreement, shown_program
from dlcompare.compare.summary.learner_result import LearnerResult, ProgramResult

__all__ = ["SECTION"]

_MOST_LINES = 40  # lines of a program in the terminal; the page shows all of them


def _shown(view: TaskView) -> list[tuple[LearnerResult, ProgramResult]]:
    pairs = [(learner, shown_program(learner)) for learner in view.task.learners]
    return [(learner, program) for learner, program in pairs if program is not None]


def _markdown(view: TaskView) -> list[str]:
    parts = []
    for learner, program in _shown(view):
        proof = proof_sentence(program)
        end = f"; {escaped(proof)}" if proof else ""
        what = "grammar" if program.is_grammar else "program"
        start = f"The {what} {escaped(learner.label)} found, from {program.n:,} examples"
        language = "text" if program.is_grammar else "python"
        parts += [f"{start}{end}:", fenced(program.python, language)]
    return parts


def _terminal(view: TaskView) -> Iterator[RenderableType]:
    for learner, program in _shown(view):
        yield from _drawn(learner, program)


def _drawn(learner: LearnerResult, program: ProgramResult) -> Iterator[RenderableType]:
    from dlcompare.compare.report.code import Code

    unit = "example" if program.n == 1 else "examples"
    origin = f"from {program.n:,} {unit}"
    same, seeds = agreement(learner, program)
    if seeds > 1:
        origin += f", by {same} of {seeds} seeds"
    proof = proof_sentence(program)
    yield Text()
    yield Text.assemble(
        (f"{'Grammar' if program.is_grammar else 'Program'} found by {learner.label}", "bold"),
        (f" {origin}" + (f"; {proof}" if proof else ""), "dim"),
    )
    language = "text" if program.is_grammar else "python"
    yield Code(_shortened(program.python.strip("\n")), language, indent=2)


def _shortened(text: str) -> str:
    """Return a text cut to the lines that a terminal can take."""
    lines = text.splitlines()
    if len(lines) <= _MOST_LINES:
        return text
    return "\n".join([*lines[: _MOST_LINES - 1], f"… {len(lines) - _MOST_LINES + 1} more lines"])


SECTION = Section[TaskView]("programs", markdown=_markdown, terminal=_terminal)
