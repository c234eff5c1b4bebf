"""The invariant problems of loops can be read, and neither constant is an invariant."""

import time
from pathlib import Path

import pytest

from benchmarks import sygus
from dlcompare.synthesis.sygus.reader import read, read_definitions
from dlcompare.synthesis.sygus.verification import find_counterexample

FILES = sorted((Path(sygus.__file__).parent / "data" / "code2inv").glob("*.sl"))


def test_there_are_twenty() -> None:
    assert len(FILES) == 20


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("claim", ["true", "false"])
def test_no_constant_is_an_invariant(file: Path, claim: str) -> None:
    problem = read(file.read_text())
    (function,) = problem.functions
    parameters = " ".join(f"({name} Int)" for name, _ in function.params)
    answer = read_definitions(f"(define-fun {function.name} ({parameters}) Bool {claim})", problem)
    assert find_counterexample(problem, answer, time.monotonic() + 20) is not None
