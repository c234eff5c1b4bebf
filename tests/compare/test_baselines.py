"""The baselines answer from their examples alone: a majority, the input, or the nearest."""

import pytest

from dlcompare.compare.learners import baselines
from dlcompare.compare.learners.learner_table import create, parse
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import BOOL, INT, STR, Type, Value, list_of, tuple_of


def answers(learner: str, type_: Type, known: list[Value], asked: list[Value]) -> list[Value]:
    """Return the answers of a baseline that was shown `known`, each with itself as the output."""
    signature = Signature("same", (("x", type_),), type_)
    problem = Problem(signature, Examples({"x": tuple(known)}, tuple(known)))
    predictor = create(parse(learner), "cpu").fit(problem, Budget(), 0)
    return predictor.predict([{"x": value} for value in asked])


def test_the_blind_guess_is_the_most_common_output_and_of_equals_the_first() -> None:
    assert answers("content_blind", list_of(INT), [[1], [2], [3], [2]], [[9], []]) == [[2], [2]]
    assert answers("content_blind", INT, [5, 4], [4]) == [5]


def test_copy_answers_the_argument_of_the_results_type_or_nothing() -> None:
    signature = Signature("f", (("k", INT), ("xs", list_of(INT))), list_of(INT))
    asked = [{"k": 1, "xs": [3]}]
    for result, answer in ((list_of(INT), [[3]]), (STR, [None])):
        problem = Problem(
            Signature("f", signature.parameters, result), Examples({"k": (), "xs": ()}, ())
        )
        predictor = create(parse("copy"), "cpu").fit(problem, Budget(), 0)
        assert predictor.predict(asked) == answer


@pytest.mark.parametrize(
    ("type_", "known", "asked", "nearest"),
    [
        (INT, [0, 10, 100], [4, 6, 10**6, -5], [0, 10, 100, 0]),
        (BOOL, [False, True], [True, False], [True, False]),
        (STR, ["abc", "xyz", ""], ["abd", "xy", "q"], ["abc", "xyz", ""]),
        (list_of(INT), [[1, 2, 3], [9, 9], []], [[1, 2], [9, 8], [1, 2, 3] * 100], None),
        (tuple_of(INT, STR), [(1, "a"), (5, "b")], [(4, "b"), (1, "b")], None),
        (list_of(list_of(INT)), [[[1], [2]], [[7]]], [[[1], [3]], [[6]]], [[[1], [2]], [[7]]]),
    ],
)
def test_the_nearest_neighbour_is_near_by_type(
    type_: Type, known: list[Value], asked: list[Value], nearest: list[Value] | None
) -> None:
    got = answers("nearest_neighbour", type_, known, asked)
    assert all(answer in known for answer in got)
    if nearest is not None:
        assert got == nearest


def test_who_was_shown_the_question_answers_it() -> None:
    known = [[i, j] for i in range(30) for j in range(30)]
    assert answers("nearest_neighbour", list_of(INT), known, known) == known


@pytest.mark.parametrize("learner", ["content_blind", "nearest_neighbour"])
def test_without_examples_there_is_no_answer(learner: str) -> None:
    assert answers(learner, INT, [], [1, 2]) == [None, None]


def test_the_work_for_the_nearest_list_does_not_grow_with_the_length_of_the_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a question only as much is looked at as the longest example has."""
    between = baselines._between
    sizes: list[int] = []

    def counted(queries: list[int], known: list[int], type_: Type) -> object:
        if type_ == INT:
            sizes.append(len(queries) * len(known))
        return between(queries, known, type_)

    monkeypatch.setattr(baselines, "_between", counted)
    known = [[(i * k) % 97 for k in range(8)] for i in range(256)]
    found = []
    for length in (8, 512):
        sizes.clear()
        asked = [[(i * k) % 89 for k in range(length)] for i in range(100)]
        found.append(answers("nearest_neighbour", list_of(INT), known, asked))
        assert sum(sizes) == 8 * 100 * 256
    assert found[0] == found[1]
