"""Component-based synthesis: an answer meets its specification on every input, or there is none."""

import itertools
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import z3

from dlcompare.synthesis.components.compiled_enumeration import CODES, operate
from dlcompare.synthesis.components.components import Finding, from_examples, synthesize
from dlcompare.synthesis.components.connector import ComponentLearner
from dlcompare.synthesis.components.domain import BITS, INTEGERS, Domain
from dlcompare.synthesis.components.repeatable_solver import OutOfEffortError, RepeatableSolver
from dlcompare.synthesis.components.shortest_first import Enumeration
from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.tasks.errors import InputError, NoProgramError
from dlcompare.tasks.problem import Budget
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.splits import draw_tests

WORD = Domain(32)
Meaning = Callable[..., Any]

EXAMPLES: dict[str, tuple[list[str], str, list[int], Meaning]] = {
    "rightmost one off": (["x"], "and sub", [1], lambda x: x & (x - 1)),
    "absolute value": (["x"], "ashr xor sub", [31], lambda x: z3.If(x < 0, -x, x)),
    "maximum": (["x", "y"], "xor ule neg and xor", [], lambda x, y: z3.If(z3.UGE(x, y), x, y)),
    "either, exclusive": (["x", "y"], "or and sub", [], lambda x, y: x ^ y),
}


def bits(names: str) -> list[Any]:
    return [BITS[name] for name in names.split()]


@pytest.fixture(params=sorted(EXAMPLES))
def found(request: pytest.FixtureRequest) -> tuple[Finding, list[str], Meaning]:
    inputs, operations, constants, meaning = EXAMPLES[request.param]
    finding = synthesize(
        lambda _, *terms: terms[-1] == meaning(*terms[:-1]), inputs, bits(operations), constants
    )
    return finding, inputs, meaning


def test_an_answer_equals_its_specification_on_all_words(
    found: tuple[Finding, list[str], Meaning],
) -> None:
    finding, names, meaning = found
    assert finding.status == "proved"
    assert finding.program is not None
    inputs = [z3.BitVec(name, 32) for name in names]
    solver = z3.Solver()
    solver.add(finding.program.term(WORD, inputs) != meaning(*inputs))
    assert solver.check() == z3.unsat


def test_printed_python_agrees_with_the_proved_term(
    found: tuple[Finding, list[str], Meaning],
) -> None:
    finding, names, _ = found
    assert finding.program is not None
    scope: dict[str, Any] = {}
    exec(finding.program.python(WORD), scope)
    rng = random.Random(0)
    for _ in range(50):
        numbers = [rng.choice([0, 1, 2**31, 2**32 - 1, rng.getrandbits(32)]) for _ in names]
        term = finding.program.term(WORD, [WORD.value(n) for n in numbers])
        assert scope["f"](*numbers) == z3.simplify(term).as_long()


@pytest.mark.parametrize("name", sorted(BITS))
def test_each_operation_prints_what_it_means(name: str) -> None:
    component = BITS[name]
    domain = Domain(4)
    shown = {"mask": "0xf", "sign": "0x8", "bits": "4"}
    for x in range(16):
        for y in range(16):
            operands = [x, y][: component.arity]
            term = component.apply(domain, *(domain.value(o) for o in operands))
            source = component.python.format(*operands, **shown)
            assert eval(source) == z3.simplify(term).as_long(), source
            assert operate(CODES[name], x, y, 4) == eval(source), source


def test_operations_that_do_not_suffice_are_said_to_be_so() -> None:
    finding = synthesize(lambda _, x, out: out == x + 1, ["x"], bits("and or"))
    assert finding.status == "infeasible"
    assert finding.program is None


def test_an_inconsistent_specification_is_infeasible() -> None:
    finding = synthesize(
        lambda _, x, out: z3.And(out == x, out == x + 1), ["x"], bits("and add"), [1]
    )
    assert finding.status == "infeasible"


def test_surplus_operations_are_left_out() -> None:
    finding = synthesize(lambda _, x, out: out == -x, ["x"], bits("xor mul neg or"))
    assert finding.status == "proved"


def test_a_relation_may_have_several_answers() -> None:
    """Any number above both inputs will do."""
    finding = synthesize(
        lambda _, x, y, out: z3.And(out > x, out > y),
        ["x", "y"],
        [INTEGERS["max"], INTEGERS["add"]],
        [1],
        width=None,
    )
    assert finding.status == "proved"
    assert finding.program is not None
    scope: dict[str, Any] = {}
    exec(finding.program.python(Domain(None)), scope)
    assert scope["f"](3, -7) > 3


def test_right_at_a_small_width_only_does_not_count() -> None:
    """At 5 bits x * 2**6 is 0, so that the small width accepts the input's shift by 6 as 0."""
    finding = synthesize(
        lambda d, x, out: out == (x << 6 if d.width == 32 else d.value(0)), ["x"], bits("shl"), [6]
    )
    assert finding.status == "proved"
    assert finding.program is not None
    assert z3.simplify(finding.program.term(WORD, [WORD.value(3)])).as_long() == 3 << 6


def test_time_out_is_a_status() -> None:
    finding = synthesize(
        lambda _, x, y, out: out == x * y, ["x", "y"], bits("add xor and or") * 4, seconds=0.2
    )
    assert finding.status == "timeout"
    assert finding.program is None


IMPATIENT = """
import z3
from dlcompare.synthesis.components import components
from dlcompare.synthesis.components.domain import BITS, Domain

components.FIRST_EFFORT = 60_000
finding = components.synthesize(
    lambda _, x, y, out: out == z3.If(z3.UGE(x, y), x, y),
    ["x", "y"],
    [BITS[name] for name in "xor ule neg and xor".split()],
)
print(finding.program.python(Domain(32)), finding.counterexamples)
"""


def test_load_does_not_change_the_program() -> None:
    """Attempts that are given up are so at the same point, however slow the machine is."""
    command = [sys.executable, "-c", IMPATIENT]
    alone = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    crowd = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert {process.communicate()[0] for process in crowd} == {alone}


WORDS = [each for each in catalogue().values() if each.family == "hackers_delight"]


@pytest.mark.parametrize("task", WORDS, ids=lambda task: task.name)
def test_a_task_is_the_function_that_the_benchmark_proves(task: Any) -> None:
    from benchmarks.hackers_delight import MEANINGS

    rng = np.random.default_rng(0)
    for bits in (4, 9, 16, 32) * 5:
        inputs = task.draw(rng, {"bits": bits})
        terms = [WORD.value(x) for x in inputs.values()]
        meaning = z3.simplify(MEANINGS[task.name](WORD, *terms)).as_long()
        assert task.function(**inputs) == meaning, inputs
        assert task.ensures(**inputs, result=meaning), inputs


@pytest.mark.parametrize("name", ["hd01_rightmost_one_off", "hd14_average_down", "hd16_larger"])
def test_the_learner_connects_the_operations_from_few_examples(name: str) -> None:
    task = catalogue()[name]
    drawn = draw_tests(task, 8, 0).inside
    predictor = ComponentLearner().fit(task.problem(drawn), Budget(seconds=60.0), 0)
    rng = np.random.default_rng(1)
    rows = [task.draw(rng, {"bits": 32}) for _ in range(50)]
    assert predictor.predict(rows) == [task.function(**row) for row in rows]
    assert "operations" in predictor.prior["given"]


def results(names: list[str], given: int, length: int) -> set[tuple[int, ...]]:
    """On all words of 3 bits: what programs of so many operations give, without any pruning."""
    operate_on = {name: (lambda *xs, n=name: operate(CODES[n], xs[0], xs[-1], 3)) for name in names}
    found: set[tuple[int, ...]] = set()

    def go_on(left: list[str], values: list[tuple[int, ...]]) -> None:
        found.update(values)
        for name in left if len(values) < given + length else []:
            rest = left.copy()
            rest.remove(name)
            for operands in itertools.product(values, repeat=BITS[name].arity):
                go_on(rest, [*values, tuple(map(operate_on[name], *operands))])

    go_on(names, [tuple(range(8)), (1,) * 8])
    return found


@pytest.mark.parametrize("names", ["sub neg", "sub and sub", "not lshr add", "udiv xor neg"])
def test_nothing_that_operations_compute_is_missed_by_the_enumeration(names: str) -> None:
    reachable = results(names.split(), 2, len(names.split()))
    for outputs in reachable:
        search = Enumeration(Domain(3), ["x"], [lambda _: 1], bits(names))
        for x, output in enumerate(outputs):
            search.add_example((x,), output)
        program = next(search.programs(time.monotonic() + 60), None)
        assert program is not None, outputs
        assert tuple(program.run((x,), Domain(3)) for x in range(8)) == outputs


def test_the_order_of_the_operations_does_not_change_the_program() -> None:
    """A task lists its operations in the order of its known program, which must not matter."""
    programs = set()
    for order in itertools.permutations(bits("and sub neg")):
        finding = synthesize(lambda _, x, out: out == x & -x, ["x"], order)
        assert finding.program is not None
        programs.add(finding.program.python(WORD))
    assert len(programs) == 1


def test_a_task_without_operations_is_no_program() -> None:
    task = catalogue()["addition"]
    problem = task.problem(draw_tests(task, 4, 0).inside)
    with pytest.raises(NoProgramError, match="no operations"):
        ComponentLearner().fit(problem, Budget(), 0)
    with pytest.raises(InputError, match="'nand' must be a number or one of add"):
        ComponentLearner().fit(replace(problem, components=("nand",)), Budget(), 0)


def test_a_solver_gives_up_after_its_effort_or_its_time() -> None:
    solver = RepeatableSolver("QF_BV")
    x, y = z3.BitVecs("x y", 40)
    solver.add(x * y == 2**39 + 23, z3.UGT(x, 1), z3.UGT(y, 1), z3.ULT(x, 2**20), z3.ULT(y, 2**20))
    with pytest.raises(OutOfEffortError):
        solver.check(time.monotonic() + 60, effort=20_000)
    with pytest.raises(OutOfTimeError):
        solver.check(time.monotonic() + 0.1)


def test_examples_that_no_connection_answers() -> None:
    found = from_examples(["x"], bits("and or"), [], [((1,), 2), ((2,), 3)], WORD, 10)
    assert found.status == "infeasible"


def test_no_inputs_is_a_sentence() -> None:
    with pytest.raises(InputError, match="at least one input"):
        synthesize(lambda _, out: out == 1, [], bits("add"))
