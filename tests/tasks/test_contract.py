"""Every rule of the contract is told of by the task that breaks it."""

# Broken tasks ignore what they are given:
# ruff: noqa: ARG001, ARG005

import itertools
import random

import numpy as np
import pytest

from dlcompare.tasks.contract import faults, worked_examples
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.samplers import ints, lists
from dlcompare.tasks.task import task

COUNTER = itertools.count()
SETTINGS = {"train": {"length": range(1, 7)}, "test": {"length": [12, 24]}}


def largest(xs: list[int]) -> int:
    """The largest element.

    largest([3, 9, 1]) == 9
    """
    return max(xs)


def made(function=largest, inputs=None, **changes):
    return task(inputs=inputs or lists(ints(0, 99)), **{**SETTINGS, **changes})(function)


def described(text):
    def largest(xs: list[int]) -> int:
        return max(xs)

    largest.__doc__ = text
    return largest


def counted(xs: list[int]) -> int:
    """The largest element, at first.

    counted([3, 9, 1]) == 9
    """
    return max(xs) + next(COUNTER) // 5


def constant(xs: list[int]) -> int:
    """Always 3.

    constant([1]) == 3
    """
    return 3


def global_draw(rng, setting):
    return {"xs": [random.randrange(99) for _ in range(setting.get("length", 4))]}


def fixed_length(rng, setting):
    return {"xs": rng.integers(0, 99, size=4).tolist()}


def small(rng, setting):
    return {"xs": [int(rng.integers(0, 3))] * setting.get("length", 4)}


def floats(rng, setting):
    return {"xs": [0.5]}


def test_a_task_in_order_has_no_fault():
    assert faults(made()) == []


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (made(described("")), "it has no description"),
        (made(described("largest([3]) == 3")), "it has no description"),
        (made(described("The largest.")), "has no worked example"),
        (made(described("The largest.\n\nlargest([3]) == 4")), "does not hold: the function gives"),
        (made(described("The largest.\n\nlargest(xs) == 4")), "cannot be read"),
        (made(described("The largest.\n\nlargest() == 4")), "cannot be read"),
        (made(described("The largest.\n\nlargest([3, 4)")), "cannot be read"),
        (made(described("The largest.\n\nlargest([]) == 0")), "raised ValueError"),
        (made(described("The largest.\n\nlargest((3, 4)) == 4")), "not of type list[int]"),
        (made(test={"length": [4]}), "level 4 of axis 'length' is trained on"),
        (made(train={"length": [1, 9]}), ""),
        (made(train={"length": [1, 99]}), "level 12 of axis 'length' lies between"),
        (made(counted), "same input has different outputs"),
        (made(constant), "every input has the same output"),
        (made(inputs=global_draw), "the same seed draws other inputs"),
        (made(inputs=global_draw), "it uses the global random generator"),
        (made(inputs=fixed_length), "draws the same inputs at level 12 of axis 'length'"),
        (made(inputs=small), "too few distinct inputs to be tested"),
        (made(inputs=floats), "not of type list[int]"),
        (made(train={"length": range(7)}), "raised ValueError"),
        (made(ensures=lambda xs, result: result > max(xs)), "ensures refuses"),
        (made(ensures=lambda xs, result: True), "ensures is true of every output tried"),
        (made(ensures=lambda xs: True), "ensures raised TypeError"),
        (made(accepts=lambda inputs, prediction: prediction < 0), "accepts refuses"),
        (made(accepts=lambda inputs, prediction: True), "accepts is true of every output"),
        (made(accepts=lambda inputs, prediction: prediction > 9), "does not hold"),
        (made(accepts=lambda inputs, prediction: inputs["ys"]), "raised KeyError"),
    ],
)
def test_every_rule_is_told_of_by_a_sentence(broken, sentence):
    found = faults(broken)
    assert any(sentence in fault for fault in found) if sentence else not found
    assert all("\n" not in fault for fault in found)


def test_a_check_leaves_the_global_generators_as_they_were():
    before = random.getstate(), repr(np.random.get_state())
    faults(made())
    assert (random.getstate(), repr(np.random.get_state())) == before


def test_worked_examples_may_use_names_and_several_lines():
    @task(inputs={"k": ints(0, 9), "xs": lists(ints(0, 9))})
    def scaled(k: int, xs: list[int]) -> list[int]:
        """Multiply.

        scaled(2, xs=[1, -2]) == [2, -4]
        scaled(3,
               [1]) == [3]
        """
        return [k * x for x in xs]

    assert [(inputs, output) for _, inputs, output in worked_examples(scaled)] == [
        ({"k": 2, "xs": [1, -2]}, [2, -4]),
        ({"k": 3, "xs": [1]}, [3]),
    ]


@pytest.mark.parametrize("change", [{"noise": 1}, {"noise": -0.1}, {"extra": "telepathy"}])
def test_options_out_of_range_are_refused_when_the_task_is_written(change):
    with pytest.raises(InputError, match="must be"):
        made(**change)
