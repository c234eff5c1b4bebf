"""Read the problems that `dlcompare synth` is given: examples, and SyGuS files."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from dlcompare.compare.execution.compiling import with_compiled
from dlcompare.compare.synth.solving import (
    Limits,
    Question,
    SynthAnswer,
    WrongExample,
    as_call,
    brief,
)
from dlcompare.tasks.csv_table import TABLE_SUFFIXES, read_table
from dlcompare.tasks.errors import FitError, InputError
from dlcompare.tasks.given import GivenProblem
from dlcompare.tasks.jsonl import problems, read_text
from dlcompare.tasks.problem import Examples, Problem
from dlcompare.tasks.progress import FitProgress, listening
from dlcompare.tasks.splits import canonical
from dlcompare.tasks.types import Value

if TYPE_CHECKING:
    from dlcompare.synthesis.dsl.program import Program

__all__ = ["SYGUS_SUFFIXES", "ByExamples", "BySygus", "SearchOptions", "questions_in"]

SYGUS_SUFFIXES = (".sy", ".sl")

_SEARCH = ("numba", "dlcompare.synthesis.synthesizer")
_SYGUS = ("z3", "dlcompare.synthesis.sygus.solve", "dlcompare.synthesis.sygus.printer")
"""The modules that each of the two kinds of question needs."""

_SHOWN = 5
"""The most wrong examples that an answer names."""


@dataclass(frozen=True)
class SearchOptions:
    """The options of a search for a program that answers examples.

    Attributes
    ----------
    costs : mapping of str to int
        The costs that differ from the usual ones.
    reweigh : bool
        Whether the search also uses costs that it learns on the way.
    noise : float
        The share of examples that may be mislabelled.
    candidates : int
        The most candidates that it may try.
    library : str
        The primitives that programs may use: ``"full"`` or ``"core"``.

    Raises
    ------
    InputError
        If `noise` is no share of at most a half.
    """

    costs: Mapping[str, int] = field(default_factory=dict)
    reweigh: bool = False
    noise: float = 0.0
    candidates: int = 10**15
    library: str = "full"

    def __post_init__(self) -> None:
        if not 0 <= self.noise <= 0.5:
            raise InputError(f"--noise {self.noise} must be a share: at least 0, and at most 0.5")


def questions_in(
    file: Path,
    output: str | None = None,
    text: Sequence[str] = (),
    options: SearchOptions = SearchOptions(),
) -> tuple[list[Question], Sequence[str]]:
    """Return the questions in a file, and the modules to preload for them.

    Parameters
    ----------
    file : Path
        ``.jsonl``, ``.csv``, ``.tsv``, ``.sy`` or ``.sl``.
    output, text : str, sequence of str
        For a ``.csv`` or ``.tsv`` file: the column of outputs, and the columns of text.
    options : SearchOptions
        For a file of examples.

    Raises
    ------
    InputError
        If the file cannot be used; the message names the line.
    """
    suffix = file.suffix.lower()
    if suffix not in TABLE_SUFFIXES and (output is not None or text):
        raise InputError(f"--output and --text name columns of a .csv file; {file} is none")
    if suffix in (".jsonl", *TABLE_SUFFIXES):
        found = problems(file) if suffix == ".jsonl" else [read_table(file, output, text)]
        preload = with_compiled(_SEARCH, [each.signature for each in found])
        return [ByExamples(each, options) for each in found], preload
    if suffix in SYGUS_SUFFIXES:
        from dlcompare.synthesis.sygus.reader import read

        source = read_text(file)
        try:
            read(source)
        except InputError as error:
            raise InputError(f"{file}, {error}") from error
        return [BySygus(file.stem, source)], _SYGUS
    raise InputError(
        f"{file} cannot be read by its name; give a .jsonl, .csv or .tsv file of examples, or a "
        "SyGuS file (.sy)"
    )


@dataclass(frozen=True)
class ByExamples:
    """A search for a program that answers the examples."""

    problem: GivenProblem
    options: SearchOptions = SearchOptions()

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for a reader of the file."""
        return self.problem.notes

    def unanswered(self) -> SynthAnswer:
        """Return the answer without a program."""
        return SynthAnswer(
            self.problem.title,
            "error",
            held_out_accuracy=self._held_out(None),
            examples=len(self.problem.examples),
        )

    def at_once(self) -> SynthAnswer | None:
        """Report examples that contradict each other, unless they may be mislabelled."""
        if self.options.noise:
            return None
        examples, where = self.problem.examples, self.problem.where
        first: dict[Value, int] = {}
        for place, row in enumerate(examples.rows()):
            before = first.setdefault(canonical(row), place)
            one, other = examples.outputs[before], examples.outputs[place]
            if one != other:
                reason = (
                    f"{where(before)} and {where(place)} have the same inputs, {as_call(row)}, and "
                    f"different outputs, {brief(repr(one))} and {brief(repr(other))}; correct one, "
                    "or give --noise the share of examples that may be wrong"
                )
                return replace(self.unanswered(), status="contradictory", reason=reason)
        return None

    def answer(self, limits: Limits, tell: Callable[[SynthAnswer], None]) -> SynthAnswer:
        """Search for a program; the command calls the search only here.

        Parameters
        ----------
        limits : Limits
            The time, memory and cores that the search may take.
        tell : callable
            Is told the best program so far.
        """
        from dlcompare.synthesis.bank.budget import SearchBudget
        from dlcompare.synthesis.grammar.grammar import grammar_of
        from dlcompare.synthesis.search import NoProgramYetError, search
        from dlcompare.synthesis.strategies.search_problem import SearchProblem

        started, seconds, its = time.monotonic(), limits.seconds, self.options
        signature, examples = self.problem.signature, self.problem.examples
        deadline = started + seconds - min(0.5, seconds / 10)
        budget = SearchBudget(its.candidates, limits.memory // 2, deadline, limits.threads)
        grammar = grammar_of(Problem(signature, examples), its.library, its.costs)

        def hear(progress: FitProgress) -> None:
            if progress.program:
                took = time.monotonic() - started
                best = replace(self.unanswered(), dsl=progress.program, candidates=progress.done)
                tell(replace(best, seconds=took))

        try:
            with listening(hear):
                program = search(
                    SearchProblem(signature, examples, grammar, budget),
                    reweigh=its.reweigh,
                    noise=its.noise,
                )
        except NoProgramYetError as error:
            closest = error.closest
            answer = self._found(closest.program) if closest else self.unanswered()
            over = time.monotonic() >= started + 0.9 * seconds
            status = "timeout" if over else error.status
            answer = replace(answer, status=status, reason=str(error))
        except FitError as error:
            answer = replace(self.unanswered(), status=error.status, reason=str(error))
        else:
            answer = self._found(program)
        return replace(answer, seconds=time.monotonic() - started, candidates=budget.spent)

    def _found(self, program: "Program") -> SynthAnswer:
        from dlcompare.synthesis.grammar.costs import uses
        from dlcompare.synthesis.strategies.noise import wrong_examples

        examples = self.problem.examples
        wrong = list(wrong_examples(program, examples))
        answered, mislabelled = len(examples) - len(wrong), ""
        if wrong:
            mislabelled = f"answers {answered} of {len(examples)} examples, treats the others as "
            mislabelled += "mislabelled"
        return SynthAnswer(
            self.problem.title,
            "ok",
            program.dsl,
            program.python,
            program.cost,
            held_out_accuracy=self._held_out(program),
            reason=mislabelled,
            answered=answered,
            examples=len(examples),
            wrong=tuple(self._wrong(program, place) for place in wrong[:_SHOWN]),
            uses=uses(program.expression),
        )

    def _wrong(self, program: "Program", place: int) -> WrongExample:
        examples = self.problem.examples[place : place + 1]
        (row,), (wanted,) = examples.rows(), examples.outputs
        try:
            got = program.compile()(**row)
        except Exception:  # whatever Python raises: the program is undefined there
            got = None
        return WrongExample(self.problem.where(place), row, wanted, got)

    def _held_out(self, program: "Program | None") -> float | None:
        examples = self.problem.held_out
        if examples is None or not len(examples):
            return None
        return 0.0 if program is None else _share_right(program, examples)


def _share_right(program: "Program", examples: Examples) -> float:
    """Return the share of examples that a program answers right; undefined is wrong."""
    function = program.compile()
    right = 0
    for row, output in zip(examples.rows(), examples.outputs, strict=True):
        try:
            right += function(**row) == output
        except Exception:  # whatever Python raises: the program is undefined there
            continue
    return right / len(examples)


@dataclass(frozen=True)
class BySygus:
    """A SyGuS problem, as the text of its file."""

    name: str
    text: str

    notes: ClassVar[tuple[str, ...]] = ()

    def unanswered(self) -> SynthAnswer:
        """Return the answer of which nothing is known."""
        return SynthAnswer(self.name, "error")

    def at_once(self) -> None:
        """Return None: no SyGuS problem is answered without a search."""

    def answer(
        self,
        limits: Limits,
        tell: Callable[[SynthAnswer], None],  # noqa: ARG002
    ) -> SynthAnswer:
        """Solve the problem; z3 has proved an answer that is ``"ok"``.

        Parameters
        ----------
        limits : Limits
            The time that the search may take; z3 takes the memory it needs and one core.
        tell : callable
            Is told the best program so far; there is none before the answer.
        """
        from dlcompare.synthesis.sygus.printer import print_define_fun, print_python
        from dlcompare.synthesis.sygus.reader import read
        from dlcompare.synthesis.sygus.solve import solve

        started = time.monotonic()
        problem = read(self.text)
        found = solve(problem, limits.seconds)
        took = time.monotonic() - started
        if found.status != "solved":
            return SynthAnswer(self.name, found.status, seconds=took, reason=found.reason)
        return SynthAnswer(
            self.name,
            "ok",
            "\n".join(map(print_define_fun, found.definitions)),
            print_python(found.definitions, problem.definitions),
            sum(each.body.size for each in found.definitions),
            took,
            reason=found.reason,
        )
