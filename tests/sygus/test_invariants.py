"""An invariant that is found holds at first, is kept, and implies the goal; else there is none."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.sygus.invariants import solve_invariant
from dlcompare.synthesis.sygus.reader import read
from dlcompare.synthesis.sygus.syntax import SygusProblem
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
