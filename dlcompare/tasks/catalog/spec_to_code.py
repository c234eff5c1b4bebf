"""From a specification to a program: English, examples, or a formula in; code out.

A learner is shown specifications with programs, and must write the programs of specifications that
it never saw. Judged is what a program does: it must give what the right one gives on fresh inputs,
and z3 must not find integers that tell the two apart. Programs take lists of integers to lists of
integers and are written in Python's syntax, one token after the other; `list_language` draws, reads
and runs them.

Three axes beside the same distribution: *operations*, longer programs; *pairs*, operations applied
to the results of others that no training program applies them to, although each is seen; and, where
there is text, *wording*, ways to say it that training does not have.
"""

from collections.abc import Callable

import numpy as np

from dlcompare.tasks.axis import Level
from dlcompare.tasks.catalog.list_language import english, logic
from dlcompare.tasks.catalog.list_language.equivalence import same
from dlcompare.tasks.catalog.list_language.evaluator import run
from dlcompare.tasks.catalog.list_language.programs import (
    ListTerm,
    draw_program,
    one_operation,
    tokens,
)
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.task import task
from dlcompare.tasks.types import Value, freeze

EXAMPLES = 5
"""Input-output pairs in a specification by examples."""

TRAIN: dict[str, list[Level]] = {"operations": [1, 2, 3], "pairs": ["seen"]}
TEST: dict[str, list[Level]] = {"operations": [4, 5, 6, 8], "pairs": ["unseen"]}
WORDING_TRAIN: dict[str, list[Level]] = {**TRAIN, "wording": ["usual"]}
WORDING_TEST: dict[str, list[Level]] = {**TEST, "wording": ["unseen"]}


def program(rng: np.random.Generator, setting: Setting) -> ListTerm:
    """A program; knobs: operations, pairs."""
    return draw_program(
        rng, int(setting.get("operations", 2)), unseen=setting.get("pairs") == "unseen"
    )


def in_english(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A text; knobs beside those of `program`: wording."""
    text = english.describe(program(rng, setting), rng, setting.get("wording") == "unseen")
    return {"text": text}


def from_english(text: list[str]) -> ListTerm:
    """The program of a text.

    Raises
    ------
    InputError
        If it is not of the controlled English.
    """
    term = english.read(text)
    if term is None:
        raise InputError(f"{' '.join(text)!r} is not of the controlled English")
    return term


def from_logic(formula: list[str]) -> ListTerm:
    """The program of a formula.

    Raises
    ------
    InputError
        If it is none of the formulas of `logic`.
    """
    term = logic.read(formula)
    if term is None:
        raise InputError(f"{' '.join(formula)!r} is none of the formulas that are drawn")
    return term


def does(right: Callable[[Inputs], ListTerm]) -> Callable[[Inputs, Value], bool]:
    """Judge a program by its behaviour, compared with the right one."""

    def accepts(inputs: Inputs, prediction: Value) -> bool:
        return same(" ".join(prediction), " ".join(tokens(right(inputs))))

    return accepts


@task(
    inputs=in_english,
    train=WORDING_TRAIN,
    test=WORDING_TEST,
    accepts=does(lambda inputs: from_english(inputs["text"])),
)
def spec_to_code(text: list[str]) -> list[str]:
    """Write the program that an English text describes.

    spec_to_code(["sort", "the", "list", ",", "then", "reverse", "it"])
    == ["sorted", "(", "xs", ")", "[", ":", ":", "-1", "]"]

    A program is right if it does what the text says. The published claim (C2) is about pairs of a
    description and code.
    """
    return tokens(from_english(text))


def shown(rng: np.random.Generator, term: ListTerm) -> tuple[list[list[int]], list[list[int]]]:
    """Return a few inputs of a program, of different lengths, and its results."""
    code = " ".join(tokens(term))
    given = [rng.integers(-9, 21, size=int(rng.integers(2, 9))).tolist() for _ in range(EXAMPLES)]
    return given, [run(code, xs) for xs in given]


def in_english_and_examples(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A text with examples of what it describes."""
    term = program(rng, setting)
    text = english.describe(term, rng, setting.get("wording") == "unseen")
    given, wanted = shown(rng, term)
    return {"text": text, "given": given, "wanted": wanted}


@task(
    inputs=in_english_and_examples,
    train=WORDING_TRAIN,
    test=WORDING_TEST,
    accepts=does(lambda inputs: from_english(inputs["text"])),
    specifies="examples",
)
def spec_to_code_english_and_examples(
    text: list[str],
    given: list[list[int]],  # noqa: ARG001
    wanted: list[list[int]],  # noqa: ARG001
) -> list[str]:
    """Write the program that an English text describes, and five examples show.

    spec_to_code_english_and_examples(["reverse", "the", "list"], [[1, 2]], [[2, 1]])
    == ["xs", "[", ":", ":", "-1", "]"]
    """
    return tokens(from_english(text))


def in_logic(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A formula; knobs: those of `program`."""
    return {"formula": logic.formula(program(rng, setting))}


@task(
    inputs=in_logic,
    train=TRAIN,
    test=TEST,
    accepts=does(lambda inputs: from_logic(inputs["formula"])),
    specifies="logic",
)
def spec_to_code_logic(formula: list[str]) -> list[str]:
    """Write a program whose result and input satisfy a formula.

    spec_to_code_logic(["len", "(", "result", ")", "==", "len", "(", "xs", ")", "and", "all",
    "(", "result", "[", "i", "]", "+", "xs", "[", "i", "]", "==", "0", "for", "i", "in",
    "range", "(", "len", "(", "xs", ")", ")", ")"])
    == ["[", "-", "x", "for", "x", "in", "xs", "]"]

    The formula relates the result to the input by way of lists between, which it names.
    """
    return tokens(from_logic(formula))


_shown: dict[Value, ListTerm] = {}


def in_examples(rng: np.random.Generator, setting: Setting) -> Inputs:
    """Five inputs and results of a program; knobs: those of `program`."""
    while True:
        term = program(rng, setting)
        given, wanted = shown(rng, term)
        if wanted != given and any(wanted):
            break
    inputs = {"given": given, "wanted": wanted}
    # What is right is what the examples were made by; of several programs, what was drawn first.
    _shown.setdefault(freeze((given, wanted)), term)
    return inputs


def from_examples(given: list[list[int]], wanted: list[list[int]]) -> ListTerm:
    """The program that examples were made by, or the first of one operation that fits them.

    Raises
    ------
    InputError
        If there is none.
    """
    term = _shown.get(freeze((given, wanted)))
    if term is not None:
        return term
    for term in one_operation():
        code = " ".join(tokens(term))
        if [run(code, xs) for xs in given] == wanted:
            return term
    raise InputError(f"no program of one operation makes {wanted!r} of {given!r}")


@task(
    inputs=in_examples,
    train=TRAIN,
    test=TEST,
    accepts=does(lambda inputs: from_examples(**inputs)),
    specifies="examples",
)
def spec_to_code_examples(given: list[list[int]], wanted: list[list[int]]) -> list[str]:
    """Write the program that produced five examples, from given lists to wanted results.

    spec_to_code_examples([[3, 1, 2], [9, 4], [0, 5, 5, 1]], [[2, 1, 3], [4, 9], [1, 5, 5, 0]])
    == ["xs", "[", ":", ":", "-1", "]"]

    Examples that no task drew are answered by the first program of one operation that fits.
    """
    return tokens(from_examples(given, wanted))
