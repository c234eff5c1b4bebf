"""An invariant that is found holds at first, is kept, and implies the goal; else there is none."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.sygus.horn import Checker, conditions
from dlcompare.synthesis.sygus.invariants import solve_invariant
from dlcompare.synthesis.sygus.outcome import Infeasible
from dlcompare.synthesis.sygus.reader import read
from dlcompare.synthesis.sygus.simulation import simulated
from dlcompare.synthesis.sygus.spacer import reachability
from dlcompare.synthesis.sygus.syntax import BOOL, VARIABLE, SygusProblem, constant
from dlcompare.synthesis.sygus.verification import find_counterexample


def counting(first: int, step: int, bound: int, goal: str) -> SygusProblem:
    """A loop that counts by steps as long as the counter is below a bound."""

    def number(n: int) -> str:
        return str(n) if n >= 0 else f"(- {-n})"

    return read(f"""(set-logic LIA)
    (synth-inv inv ((x Int)))
    (define-fun pre ((x Int)) Bool (= x {number(first)}))
    (define-fun trans ((x Int) (x! Int)) Bool
        (and (< x {number(bound)}) (= x! (+ x {number(step)}))))
    (define-fun post ((x Int)) Bool {goal})
    (inv-constraint inv pre trans post)
    (check-synth)""")


@settings(max_examples=15, deadline=None)
@given(st.integers(-20, 20), st.integers(0, 40))
def test_a_counter_ends_at_its_bound(first: int, distance: int) -> None:
    bound = first + distance
    shown = str(bound) if bound >= 0 else f"(- {-bound})"
    problem = counting(first, 1, bound, f"(=> (not (< x {shown})) (= x {shown}))")
    answer = solve_invariant(problem, time.monotonic() + 20)
    assert answer is not None
    assert find_counterexample(problem, [answer], time.monotonic() + 20) is None


@settings(max_examples=15, deadline=None)
@given(st.integers(-20, 20), st.integers(1, 5), st.integers(1, 40))
def test_no_invariant_excludes_a_state_that_is_reached(
    first: int, step: int, distance: int
) -> None:
    last = first + -(-distance // step) * step
    shown = str(last) if last >= 0 else f"(- {-last})"
    problem = counting(first, step, first + distance, f"(not (= x {shown}))")
    assert solve_invariant(problem, time.monotonic() + 20) is None


def copied(first: int, step: int, last: int, copies: int) -> SygusProblem:
    """A loop in static single assignment, with copies of its counter that no step keeps."""
    names = ["x", *(f"x_{i}" for i in range(copies))]
    params = " ".join(f"({name} Int)" for name in names)
    following = " ".join(f"({name}! Int)" for name in names)
    return read(f"""(set-logic LIA)
    (synth-inv inv ({params}))
    (define-fun pre ({params}) Bool (and (= x x_0) (= x_0 {first})))
    (define-fun trans ({params} {following}) Bool
        (and (= x_1 x) (< x_1 {last}) (= x_2 (+ x_1 {step})) (= x! x_2)))
    (define-fun post ({params}) Bool
        (or (not (= x x_1)) (not (and (>= x_1 {last}) (not (< x_1 {last + step}))))))
    (inv-constraint inv pre trans post)
    (check-synth)""")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 9), st.integers(1, 5), st.integers(10, 40), st.integers(3, 12))
def test_copies_of_a_variable_do_not_count(first: int, step: int, last: int, copies: int) -> None:
    problem = copied(first, step, last, copies)
    answer = solve_invariant(problem, time.monotonic() + 20)
    assert answer is not None
    assert {p.value for p in answer.body.subterms() if p.op == VARIABLE} == {"x"}
    assert find_counterexample(problem, [answer], time.monotonic() + 20) is None


@settings(max_examples=15, deadline=None)
@given(st.integers(-9, 9), st.integers(1, 4), st.integers(10, 30))
def test_a_run_reaches_states_of_every_invariant(first: int, step: int, bound: int) -> None:
    horn = conditions(counting(first, step, bound, "true"))
    assert horn is not None
    reached = simulated(horn, [(first,)])
    last = first + -(-(bound - first) // step) * step
    assert reached == [(n,) for n in range(first + step, last + 1, step)]
    assert set(horn.successors([(first,)], time.monotonic() + 20)) <= {(first,), *reached}


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 9), st.integers(1, 4))
def test_spacer_finds_an_invariant_or_proves_that_there_is_none(bound: int, step: int) -> None:
    last = -(-bound // step) * step
    true = constant(True, BOOL)
    horn = conditions(counting(0, step, bound, f"(<= x {last})"))
    assert horn is not None
    body = reachability(horn, true, time.monotonic() + 20)
    assert body is not None
    assert Checker(horn).holds(body, time.monotonic() + 20)
    none = conditions(counting(0, step, bound, f"(< x {last})"))
    assert none is not None
    with pytest.raises(Infeasible):
        reachability(none, true, time.monotonic() + 20)
