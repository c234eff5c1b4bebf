"""Mislabelled examples are told from the others by the length of the description."""

import random

import pytest

from dlcompare.synthesis.strategies.noise import LEAST_EXAMPLES, MOST_NOISE
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import draw_tests, draw_training
from dlcompare.tasks.types import INT, list_of

INTS = list_of(INT)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sorting", "reverse"])
def test_the_mislabelled_examples_of_a_noisy_task_are_found(name):
    (task,) = load(f"noisy_{name}_1_in_20")
    (clean,) = load(name)
    examples = draw_training(task, 64, 1, draw_tests(task, 64, 8).reserved)
    true = [clean.function(**row) for row in examples.rows()]
    mislabelled = [i for i, y in enumerate(true) if y != examples.outputs[i]]
    assert mislabelled
    found = SynthesisLearner().fit(task.problem(examples), Budget(3_000_000), 0)
    assert list(found.source.noise) == mislabelled
    assert found.predict(list(examples.rows())) == true
    numbers = ", ".join(str(place + 1) for place in mislabelled)
    remark, _, _ = found.program.python.partition("def ")
    word = "examples" if len(mislabelled) > 1 else "example"
    told = " ".join(remark.replace("# ", "").split())
    assert told == f"Treated as mislabelled: {word} {numbers}."
    assert found.program.wrong == len(mislabelled)
    assert max(map(len, remark.splitlines())) <= 74


def problem(outputs, columns):
    signature = Signature("f", (("xs", INTS),), INTS)
    return Problem(signature, Examples({"xs": tuple(columns)}, tuple(outputs)))


def test_examples_of_which_many_are_exceptions_have_no_program():
    numbers = random.Random(0)
    columns = [numbers.sample(range(100), 4) for _ in range(2 * LEAST_EXAMPLES)]
    outputs = [sorted(xs) for xs in columns]
    for place in range(int(2 * LEAST_EXAMPLES * MOST_NOISE) + 1):
        outputs[place] = numbers.sample(range(100), 3)
    with pytest.raises(NoProgramError):
        SynthesisLearner().fit(problem(outputs, columns), Budget(300_000), 0)


def test_a_program_without_noise_says_nothing_of_it():
    columns = [[3, 1, 2], [5], [9, 9, 1], [4, 0], [7, 8, 2, 2]]
    found = SynthesisLearner().fit(problem(map(sorted, columns), columns), Budget(300_000), 0)
    assert found.source.noise == ()
    assert "#" not in found.program.python
