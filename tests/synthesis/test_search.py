"""The search finds a program that answers every example, and says why when there is none."""

import dataclasses
import random

import pytest

from dlcompare.synthesis import synthesizer as learner_module
from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.primitives.libraries import CORE, LIBRARIES
from dlcompare.synthesis.dsl.schemes import RECURRENCE
from dlcompare.synthesis.grammar.grammar import grammar_of
from dlcompare.synthesis.strategies.folds import FoldSearch
from dlcompare.synthesis.strategies.recursion_schemes import SchemeSearch
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.synthesizer import SynthesisLearner, create
from dlcompare.tasks.errors import InputError, NoProgramError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.progress import listening
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import draw_tests, draw_training
from dlcompare.tasks.types import BOOL, INT, STR, list_of, tuple_of

INTS = list_of(INT)


def fit(problem, candidates=2_000_000, library=None):
    return SynthesisLearner(library).fit(problem, Budget(candidates=candidates), 0)


def right_everywhere(task, tests, predictor):
    sets = [tests.inside, *(e for levels in tests.levels.values() for e in levels.values())]
    return all(
        task.right(row, answer, output)
        for examples in sets
        for row, answer, output in zip(
            examples.rows(), predictor.predict(list(examples.rows())), examples.outputs, strict=True
        )
    )


@pytest.fixture(scope="module")
def sorting():
    task = load("sorting")[0]
    return task, draw_tests(task, 64, 8)


@pytest.mark.parametrize("seed", range(6))
def test_sorting_is_found_from_sixteen_examples_and_right_at_every_level(sorting, seed):
    task, tests = sorting
    examples = draw_training(task, 16, seed, tests.reserved)
    assert right_everywhere(task, tests, fit(task.problem(examples)))


def test_the_printed_program_sorts_when_pasted(sorting):
    task, tests = sorting
    predictor = fit(task.problem(draw_training(task, 32, 0, tests.reserved)))
    namespace = {}
    exec(predictor.program.python, namespace)
    values = [random.Random(1).randrange(-1000, 1000) for _ in range(300)]
    assert namespace["sorting"](values) == sorted(values)
    assert "sort" not in predictor.program.dsl


@pytest.mark.slow
def test_the_order_of_primitives_does_not_matter(sorting, monkeypatch):
    task, tests = sorting
    solved = []
    for order in range(3):

        def shuffled(problem, library=None, order=order):
            grammar = grammar_of(problem, library)
            ops = list(grammar.ops)
            random.Random(order).shuffle(ops)
            return dataclasses.replace(grammar, ops=tuple(ops))

        monkeypatch.setattr(learner_module, "grammar_of", shuffled)
        solved.append(
            [
                right_everywhere(
                    task,
                    tests,
                    fit(task.problem(draw_training(task, 16, seed, tests.reserved))),
                )
                for seed in range(3)
            ]
        )
    assert solved[0] == solved[1] == solved[2]
    assert all(solved[0])


def test_reverse_and_addition_without_their_answers():
    for name in ("reverse", "addition"):
        task = load(name)[0]
        tests = draw_tests(task, 64, 8)
        predictor = fit(task.problem(draw_training(task, 16, 0, tests.reserved)))
        for primitive in task.without:
            assert f"({primitive} " not in predictor.program.dsl
        answers = predictor.predict(list(tests.inside.rows()))
        assert answers == list(tests.inside.outputs)


def test_a_question_too_long_to_answer_is_abstained_from():
    task = load("addition")[0]
    tests = draw_tests(task, 64, 8)
    predictor = fit(task.problem(draw_training(task, 16, 0, tests.reserved)))
    assert predictor.predict([{"a": 10**20, "b": 10**20}]) == [None]


def test_the_same_problem_gives_the_same_program_at_the_same_cost(sorting):
    task, tests = sorting
    problem = task.problem(draw_training(task, 8, 3, tests.reserved))
    first, second = fit(problem), fit(problem)
    assert first.program == second.program
    assert first.cost == second.cost


def test_a_function_of_two_lists_and_a_number():
    rows = [
        {"k": k, "xs": xs, "ys": ys}
        for k, xs, ys in [
            (1, [4, 5], [6, 7]),
            (2, [1, 9, 3], [8]),
            (0, [2], [5, 5, 1]),
            (1, [], [3]),
        ]
    ]
    outputs = [row["xs"] + row["ys"][: row["k"]] for row in rows]
    signature = Signature("f", (("k", INT), ("xs", INTS), ("ys", INTS)), INTS)
    predictor = fit(Problem(signature, Examples.from_rows(["k", "xs", "ys"], rows, outputs)))
    assert predictor.predict([{"k": 2, "xs": [7], "ys": [1, 2, 3]}]) == [[7, 1, 2]]


@pytest.mark.parametrize("place", [0, -1])
def test_the_element_at_an_end_or_zero_is_a_fold(place):
    def end(xs):
        return xs[place] if xs else 0

    lists = ([], [3, 1, 2], [1, 3], [2, 2, 1], [0, 2], [5])
    signature = Signature("f", (("xs", INTS),), INT)
    examples = Examples({"xs": lists}, tuple(map(end, lists)))
    found = fit(Problem(signature, examples, without=frozenset({"find"})))
    for xs in ([], [7], [9, 8, 4, 1], [1, 4, 8, 9], [0, 0, 3]):
        assert found.predict([{"xs": xs}]) == [end(xs)]


def test_a_truth_value_is_an_answer_too():
    rows = [{"xs": xs} for xs in ([1, 2], [], [5, 5, 5], [0], [7, 2, 1], [3, 0, 9, 9, 1, 2])]
    outputs = [len(row["xs"]) > 2 for row in rows]
    signature = Signature("long", (("xs", INTS),), BOOL)
    predictor = fit(Problem(signature, Examples.from_rows(["xs"], rows, outputs)))
    assert predictor.predict([{"xs": [1, 2, 3, 4]}, {"xs": [8, 8]}]) == [True, False]


def test_examples_without_a_rule_have_no_program():
    numbers = random.Random(0)
    rows = [{"x": x} for x in range(40)]
    outputs = [numbers.randrange(10**6) for _ in rows]
    problem = Problem(
        Signature("noise", (("x", INT),), INT), Examples.from_rows(["x"], rows, outputs)
    )
    with pytest.raises(NoProgramError, match="100,000 candidates") as caught:
        fit(problem, candidates=100_000)
    assert caught.value.cost.candidates == 100_000


@pytest.mark.parametrize(
    ("types", "column", "outputs", "question", "answer"),
    [
        (
            (STR, STR),
            ("Ada Lovelace", "Alan Turing", "Grace Hopper"),
            ("Lovelace, Ada", "Turing, Alan", "Hopper, Grace"),
            "Kurt Goedel",
            "Goedel, Kurt",
        ),
        (
            (list_of(INTS), INTS),
            ([[1, 2], [3]], [[], [4, 5, 6]], [[7], [8, 8], [9]]),
            ([2, 1], [0, 3], [1, 2, 1]),
            [[5, 5, 5, 5], []],
            [4, 0],
        ),
        (
            (list_of(STR), list_of(STR)),
            (["a", "bc"], ["Def"], ["", "x", "yz"]),
            (["A", "BC"], ["DEF"], ["", "X", "YZ"]),
            ["go", "on"],
            ["GO", "ON"],
        ),
        (
            (INTS, tuple_of(INT, INTS)),
            ([1, 2], [3], [4, 5, 7], [9, 9]),
            ((3, [2, 1]), (3, [3]), (16, [7, 5, 4]), (18, [9, 9])),
            [1, 2, 3],
            (6, [3, 2, 1]),
        ),
    ],
    ids=["text", "nested", "texts", "pair"],
)
def test_values_of_many_types(types, column, outputs, question, answer):
    signature = Signature("f", (("x", types[0]),), types[1])
    predictor = fit(Problem(signature, Examples({"x": column}, outputs)))
    assert predictor.predict([{"x": question}]) == [answer]


def test_the_core_library_is_small_and_frozen():
    assert len(CORE) == 15
    assert CORE <= LIBRARIES["full"] == set(PRIMITIVES)


def test_an_unknown_option_is_a_sentence():
    with pytest.raises(InputError, match="library"):
        create({"library": "huge"}, "cpu")


@pytest.mark.parametrize("large", [10**4, 2**40])
def test_nothing_counts_up_to_a_number_too_large_in_some_example(large: int) -> None:
    signature = Signature("total", (("n", INT), ("k", INT)), INT)
    rows = [{"n": n, "k": k} for n, k in [(1, 1), (5, large), (9, 3)]]
    examples = Examples.from_rows(["n", "k"], rows, [0, 10, 36])
    grammar, budget = grammar_of(Problem(signature, examples)), SearchBudget(10**6, 2**28)
    problem = SearchProblem(signature, examples, grammar, budget)
    assert problem.counted == {"n"}
    folds, schemes = FoldSearch(problem), SchemeSearch(problem, [RECURRENCE])
    assert {parameter for parameter, *_ in folds.ways} == {0}
    assert [filling.places for filling in schemes.fillings] == [(0,)]
    run = next(folds.advance(20)).compile()
    assert [run(n, large) for n in (0, 3, 9)] == [0, 3, 36]


def test_while_nothing_answers_all_what_answers_some_is_told():
    signature = Signature("f", (("n", INT),), INT)
    examples = Examples({"n": (3, 5, 8, 11)}, (6, 10, 16, 12345))
    heard = []
    with listening(lambda progress: heard.append(progress.program)), pytest.raises(NoProgramError):
        fit(Problem(signature, examples), candidates=200_000)
    assert heard[0] is None
    assert heard[-1] in ("(add n n)", "(multiply 2 n)")


def test_the_clock_is_looked_at_again_and_again_while_bodies_count_far():
    tried, looks = [], []

    class Watched(SearchBudget):
        def check_clock(self):
            looks.append(len(tried))

    class Recorded(FoldSearch):
        def _try(self, terms):
            tried.append(terms.size)
            yield from super()._try(terms)

    signature = Signature("f", (("n", INT),), INT)
    examples = Examples({"n": (4_000, 4_001, 4_090)}, (7, 1, 123))
    grammar = grammar_of(Problem(signature, examples))
    budget = Watched(10**9, 2**28)
    folds = Recorded(SearchProblem(signature, examples, grammar, budget))
    for _ in folds.advance(28):
        raise AssertionError("no fold gives these")
    assert sum(tried) > 8 * 256
    for number, size in enumerate(tried, start=1):
        assert looks.count(number) >= size / 256
