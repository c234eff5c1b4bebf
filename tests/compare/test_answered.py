"""`dlcompare synth` calls nothing an answer that is wrong on a row, unless rows may be wrong."""

import ast
import csv
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlcompare.compare.synth.printing import Printer, as_json, as_python
from dlcompare.compare.synth.problems import ByExamples, SearchOptions, questions_in
from dlcompare.compare.synth.solving import Limits, SynthAnswer
from dlcompare.tasks.given import given_problem
from dlcompare.tasks.problem import Examples

SUCCESSOR = {"name": "next", "inputs": {"x": [1, 5, 9]}, "outputs": [2, 6, 10]}
TURNED = {
    "name": "turned",
    "inputs": {"xs": [[1, 2], [3, 4, 5], [6]]},
    "outputs": [[2, 1], [5, 4, 3], [6]],
}
AGAINST_ITSELF = {"name": "against itself", "inputs": {"x": [1, 2, 1]}, "outputs": [2, 3, 9]}
NONE = {  # of fewer bits than the table has
    "name": "none",
    "inputs": {"p": [True, True, False], "q": [True, False, True]},
    "outputs": [False, True, True],
}
SIGNS = [*((n, "negative") for n in (-5, -4, -17, -1, -30, -2)), (0, "zero"),
         *((n, "positive") for n in (5, 4, 17, 1, 30, 2, 12))]  # fmt: skip

CASES = {
    "two kinds of label": lambda n, rare: "rare" if n in rare else "many",
    "three labels, one of them rare": lambda n, rare: (
        "zero" if n in rare else "negative" if n < 0 else "positive"
    ),
    "numbers": lambda n, rare: 0 if n in rare else n * 2 + 1,
    "truth values": lambda n, rare: (n > 0) != (n in rare),
    "lists": lambda n, rare: [] if n in rare else [n, n],
    "texts": lambda n, rare: "FizzBuzz" if n in rare else f"<{n}>",
}


def table(folder: Path, header: list[str], rows: list[tuple[object, ...]]) -> Path:
    """A table in a file."""
    file = folder / "table.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    return file


def problems(folder: Path, *records: dict[str, object]) -> str:
    """A file with a problem a line."""
    file = folder / "problems.jsonl"
    file.write_text("\n".join(map(json.dumps, records)))
    return str(file)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_program_that_is_wrong_on_a_row_is_never_ok(data: st.DataObject) -> None:
    function = CASES[data.draw(st.sampled_from(sorted(CASES)))]
    numbers = data.draw(st.lists(st.integers(-30, 30), min_size=6, max_size=16, unique=True))
    rare = data.draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=2, unique=True))
    numbers += data.draw(st.lists(st.sampled_from(numbers), max_size=3))  # rows that come twice
    outputs = [function(n, rare) for n in numbers]
    examples = Examples({"n": tuple(numbers)}, tuple(outputs))
    question = ByExamples(given_problem("f", examples), SearchOptions(candidates=60_000))
    assert question.at_once() is None
    answer = question.answer(Limits(20, 2**30), lambda _: None)
    wrong: list[int] = []
    if answer.python:
        namespace: dict[str, object] = {}
        exec(answer.python, namespace)
        for place, n in enumerate(numbers):
            try:
                right = namespace["f"](n) == outputs[place]  # type: ignore[operator]
            except Exception:
                right = False
            if not right:
                wrong.append(place)
        assert answer.answered == len(numbers) - len(wrong)
        assert [each.where for each in answer.wrong] == [f"example {i + 1}" for i in wrong[:5]]
        assert "mislabelled" not in answer.python
    if answer.status == "ok":
        assert answer.python
        assert not wrong
    else:
        assert not answer.solved
        assert answer.reason


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_contradictory_rows_are_named_before_any_search(data: st.DataObject) -> None:
    inputs = st.one_of(
        st.lists(st.integers(), min_size=2, unique=True),
        st.lists(st.lists(st.integers(0, 9)), min_size=2, unique_by=str),
        st.lists(st.text("ab,\n\"'é ", min_size=1), min_size=2, unique=True),
        st.just([False, True]),
    )
    column = data.draw(inputs)
    outputs: list[object] = [str(place) + "th" for place in range(len(column))]
    first = data.draw(st.integers(0, len(column) - 1))
    second = data.draw(st.integers(first + 1, len(column)))
    column.insert(second, column[first])
    outputs.insert(second, "another")
    examples = Examples({"x": tuple(column)}, tuple(outputs))
    answer = ByExamples(given_problem("f", examples)).at_once()
    assert answer is not None
    assert answer.status == "contradictory"
    assert answer.reason.startswith(f"example {first + 1} and example {second + 1} have the same")
    for name in (f"{outputs[first]!r}", "'another'"):
        assert name in answer.reason
    assert ByExamples(given_problem("f", examples), SearchOptions(noise=0.1)).at_once() is None


def test_rows_of_a_table_are_named_by_their_lines(tmp_path: Path) -> None:
    rows = [("Oslo", "OSL"), ("two\nlines", "TWO"), ("Rome", "ROM"), ("Oslo", "OSO")]
    (question,), _ = questions_in(table(tmp_path, ["city", "code"], rows))
    answer = question.at_once()
    assert answer is not None
    # A row stands in the line that it ends on.
    assert answer.reason.startswith("line 2 and line 6 have the same inputs, city='Oslo', and")


def test_a_long_row_is_cut_short() -> None:
    row = "x" * 5_000
    examples = Examples({"x": (row, row)}, ("a", "b" * 5_000))
    answer = ByExamples(given_problem("f", examples)).at_once()
    assert answer is not None
    assert len(answer.reason) < 600


@pytest.mark.parametrize(
    ("records", "status", "statuses"),
    [
        ([SUCCESSOR, TURNED], 0, ["ok", "ok"]),
        ([SUCCESSOR, NONE], 1, ["ok", "no_program"]),
        ([AGAINST_ITSELF, SUCCESSOR], 2, ["contradictory", "ok"]),
        ([AGAINST_ITSELF], 2, ["contradictory"]),
    ],
    ids=["all", "one without", "one that contradicts itself", "nothing else"],
)
def test_the_exit_status_is_that_of_the_answers(tmp_path, command, records, status, statuses):
    done = command("synth", problems(tmp_path, *records), "--json")
    assert done.returncode == status, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["status"] for each in told] == statuses
    for each in told:
        if each["status"] == "no_program":
            assert 0 < len(each["wrong"]) == each["examples"] - each["answered"]


def answered(examples: Examples, candidates: int, noise: float = 0.0) -> SynthAnswer:
    """The answer to a question without a limit of time."""
    options = SearchOptions(candidates=candidates, noise=noise)
    question = ByExamples(given_problem("f", examples), options)
    return question.at_once() or question.answer(Limits(600, 2**30), lambda _: None)


def table_of(answer: SynthAnswer, capfd: pytest.CaptureFixture[str]) -> str:
    """Return the lines that people see of an answer, joined."""
    printer = Printer(None)
    printer.add(0, answer)
    printer.close()
    return " ".join(capfd.readouterr().out.split())


def test_a_partial_program_is_no_answer_in_any_format(capfd: pytest.CaptureFixture[str]) -> None:
    # The last of ten rows is one that no short program makes of its input.
    columns = [[k, k + 3, 2 * k] for k in range(1, 11)]
    outputs = [*map(sorted, columns[:9]), [612, 77, 30, 2, 9124, 5, 33]]
    answer = answered(Examples({"xs": tuple(columns)}, tuple(outputs)), 200_000)
    assert answer.status == "no_program"
    told = json.loads(as_json(answer))
    assert (told["status"], told["answered"], told["examples"]) == ("no_program", 9, 10)
    (wrong,) = told["wrong"]
    assert (wrong["where"], wrong["inputs"]) == ("example 10", {"xs": [10, 13, 20]})
    assert wrong["wanted"] == outputs[-1] != wrong["got"]
    python, shown = as_python([answer]), table_of(answer, capfd)
    assert ast.parse(python).body == []
    assert "example 10: xs=[10, 13, 20] gives " in python
    assert "0 of 1 solved" in shown
    assert "right on 9 of 10 examples" in shown
    assert "# No answer" in shown
    for each in (python, shown):
        assert "mislabelled" not in each
        assert ": ok" not in each


def fizz_buzz(n: int) -> str:
    """The game."""
    words = "Fizz" * (n % 3 == 0) + "Buzz" * (n % 5 == 0)
    return words or str(n)


@pytest.mark.parametrize(
    ("rows", "solved"), [(SIGNS, True), ([(n, fizz_buzz(n)) for n in range(1, 32)], None)]
)
def test_a_class_with_few_rows_is_a_case_or_there_is_no_answer(
    rows: list[tuple[int, str]], solved: bool | None
) -> None:
    numbers, words = zip(*rows, strict=True)
    answer = answered(Examples({"n": numbers}, words), 4_000_000)
    assert answer.solved == (answer.status == "ok") == (answer.answered == len(rows))
    assert solved in (None, answer.solved)


def test_a_row_is_taken_for_mislabelled_only_where_that_is_permitted(
    capfd: pytest.CaptureFixture[str],
) -> None:
    numbers, words = zip(*SIGNS, strict=True)
    examples = Examples({"n": numbers}, words)
    answer = answered(examples, 4_000_000, noise=0.1)
    assert (answer.status, answer.answered, answer.solved) == ("ok", 13, False)
    assert [each.where for each in answer.wrong] == ["example 7"]
    assert answer.reason == "answers 13 of 14 examples, treats the others as mislabelled"
    shown = table_of(answer, capfd)
    assert "0 of 1 solved, 1 but for mislabelled examples" in shown
    assert "# Treated as mislabelled: example 7." in shown
    assert answered(examples, 4_000_000, noise=0.05).reason != answer.reason  # not one row of 14


@pytest.mark.parametrize("share", ["-0.1", "0.6", "nan", "many"])
def test_a_share_that_is_none_is_a_sentence(tmp_path, command, share):
    done = command("synth", problems(tmp_path, SUCCESSOR), "--noise", share)
    assert done.returncode == 2
    assert "--noise" in done.stderr
    assert not done.stdout


def test_contradictory_rows_are_permitted_where_rows_may_be_wrong(tmp_path, command):
    numbers = (*range(20), 7)
    examples = Examples({"x": numbers}, (*(3 * n + 2 for n in range(20)), 1))
    assert answered(examples, 300_000).status == "contradictory"
    answer = answered(examples, 300_000, noise=0.1)
    assert (answer.status, answer.answered) == ("ok", 20)
    assert [each.where for each in answer.wrong] == ["example 21"]
    done = command("synth", problems(tmp_path, SUCCESSOR), "--noise", "0.1", "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "ok")
