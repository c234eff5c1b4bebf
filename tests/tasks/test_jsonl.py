"""Tasks that are given by examples: what a file may hold, and what is said of a faulty one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.tasks.contract import faults
from dlcompare.tasks.errors import InputError, UnknownNameError
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import canonical, draw_tests, draw_training

DOUBLE = {
    "name": "none: double",
    "inputs": {"x": [1, 2, 3, 4, 5]},
    "outputs": [2, 4, 6, 8, 10],
    "held_out": {"inputs": {"x": [7, 2]}, "outputs": [14, 4]},
    "source": "ours",
}


def write(folder, *records):
    file = folder / "given.jsonl"
    file.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return file


def test_examples_come_in_the_order_given_and_held_out_ones_are_the_test(tmp_path):
    (task,) = load(str(write(tmp_path, DOUBLE)))
    assert task.name == "none: double"
    assert str(task.signature) == "none_double(x: int) -> int"
    tests = draw_tests(task, 256, 32)
    assert tests.inside.inputs == {"x": (7, 2)}
    stream = draw_training(task, 100, 0, tests.reserved)
    assert stream.inputs == {"x": (1, 3, 4, 5)}  # 2 is held out
    assert draw_training(task, 2, 1, tests.reserved) == stream[:2]
    assert load(task.address)[0].fingerprint == task.fingerprint
    assert faults(task) == []


def test_without_held_out_examples_the_last_quarter_is_held_out(tmp_path):
    record = {key: DOUBLE[key] for key in ("name", "inputs", "outputs")}
    (task,) = load(str(write(tmp_path, record)))
    assert draw_tests(task, 9, 9).inside.outputs == (10,)
    assert draw_training(task, 9, 0, frozenset()).outputs == (2, 4, 6, 8)


def test_names_may_hold_anything_and_one_task_is_reached_by_its_name(tmp_path):
    names = ["a:b c", "λ²", "class", "1st", "x.jsonl:y"]
    file = write(tmp_path, *({**DOUBLE, "name": name} for name in names))
    for task, name in zip(load(str(file)), names, strict=True):
        assert task.name == name
        assert task.signature.name.isidentifier()
    assert load(f"{file}:λ²")[0].name == "λ²"
    with pytest.raises(UnknownNameError, match="there is no task 'a:b'"):
        load(f"{file}:a:b")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"inputs": {"x": [1, 2]}}, "column 'x' has 2 entries, the outputs have 5"),
        (
            {"inputs": {"x": [1, 2, "3", 4, 5]}},
            "'x' are of mixed types: '3' is str, others are int",
        ),
        ({"outputs": [2, 4, 6, 8, True]}, "the outputs are of mixed types"),
        ({"outputs": [[1], [[]], [], [], []]}, "the outputs are of mixed types"),
        ({"outputs": [[1, "a"], [], [], [], []]}, "a list of mixed types"),
        ({"outputs": [2, 4, 6, 8, 1.5]}, "the outputs have 1.5"),
        ({"outputs": [2, 4, 6, 8, None]}, "the outputs have null"),
        ({"inputs": {"x": [1, 1, 3, 4, 5]}}, "has two outputs"),
        ({"inputs": {}}, "an object with a column for each argument"),
        ({"inputs": [1]}, "an object with a column for each argument"),
        ({"outputs": 3}, "outputs must be a list"),
        ({"name": 3}, "name=3 must be a text"),
        ({"held_out": {"inputs": {"y": [1]}, "outputs": [2]}}, r"\['y'\], the others \['x'\]"),
        ({"held_out": {"inputs": {"x": [1]}, "outputs": []}}, "held_out column 'x' has 1 entries"),
        ({"inputs": {"x": []}, "outputs": []}, "no example to learn from"),
        (
            {"inputs": {"x": [7]}, "outputs": [14]},
            "a distinct example to learn from",
        ),
    ],
)
def test_a_faulty_line_is_a_sentence_with_its_number(tmp_path, change, sentence):
    file = write(tmp_path, {**DOUBLE, "name": "right"}, {**DOUBLE, **change})
    with pytest.raises(InputError, match=sentence) as caught:
        load(str(file))
    assert str(caught.value).startswith(f"{file}, line 2: ")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"{", "line 1: this is not JSON"),
        (b"[" * 100_000, "line 1: this is not JSON"),
        (b"3", "line 1: a problem is an object"),
        (b"\xff\xfe", "not text in UTF-8"),
    ],
)
def test_a_file_that_is_none_is_a_sentence(tmp_path, data, sentence):
    file = tmp_path / "given.jsonl"
    file.write_bytes(data)
    with pytest.raises(InputError, match=sentence):
        load(str(file))
    with pytest.raises(InputError, match="there is no task file"):
        load(str(tmp_path / "none.jsonl"))


def test_two_lines_of_one_name_are_refused(tmp_path):
    with pytest.raises(InputError, match="line 2: the name 'none: double' was given in line 1"):
        load(str(write(tmp_path, DOUBLE, DOUBLE)))


VALUES = st.sampled_from([st.booleans(), st.integers(), st.text(), st.lists(st.integers())])
COLUMNS = VALUES.flatmap(lambda values: st.lists(values, min_size=4, max_size=9))


@given(COLUMNS, st.text(min_size=1).filter(str.strip))
def test_whatever_columns_say_is_kept(tmp_path_factory, column, name):
    record = {
        "name": name,
        "inputs": {"place": list(range(len(column))), "for": column},
        "outputs": column,
    }
    (task,) = load(str(write(tmp_path_factory.mktemp("given"), record)))
    assert task.name == name
    assert [name for name, _ in task.signature.parameters] == ["place", "_for"]
    tests = draw_tests(task, 9, 9)
    stream = draw_training(task, 9, 0, tests.reserved)
    assert [*stream.outputs, *tests.inside.outputs] == column
    assert not {canonical(row) for row in stream.rows()} & tests.reserved


AS_PUBLISHED = [
    {"name": "none:hailstone", "inputs": {"x": [8, 26, 5, 7]}, "outputs": [4, 13, 16, 22],
     "held_out": {"inputs": {"x": [20, 13]}, "outputs": [10, 40]}, "source": "a set"},
    {"name": "add first k with k=3", "inputs": {"n": [2, 3], "x": [[-15, 5], [66, 45, -17]]},
     "outputs": [[-6, -21], []], "held_out": {"inputs": {"n": [4], "x": [[]]}, "outputs": [[]]}},
    {"name": "firstname.sl", "inputs": {"x0": ["Nan Fre", "And Cen", "Jan Kot", "Mar Ser"]},
     "outputs": ["Nan", "And", "Jan", "Mar"], "nat": True, "levels": {"easy": [1, 2]}},
    {"inputs": {"in": [[[1], []], [[2, 2]], [], [[]]], "class": [True, False, True, True]},
     "outputs": [[[]], [[2, 2]], [], [[]]]},
]  # fmt: skip
"""Problems as published sets have them: titles, missing names and held-out parts, further keys."""


def test_problems_as_they_are_published_are_tasks(tmp_path):
    tasks = load(str(write(tmp_path, *AS_PUBLISHED)))
    assert [str(task.signature) for task in tasks] == [
        "none_hailstone(x: int) -> int",
        "add_first_k_with_k_3(n: int, x: list[int]) -> list[int]",
        "firstname_sl(x0: str) -> str",
        "given_4(_in: list[list[int]], _class: bool) -> list[list[int]]",
    ]
    for task, record in zip(tasks, AS_PUBLISHED, strict=True):
        tests = draw_tests(task, 1, 1)
        training = draw_training(task, 9, 0, tests.reserved)
        outputs = [*record["outputs"], *record.get("held_out", {"outputs": []})["outputs"]]
        assert [*training.outputs, *tests.inside.outputs] == outputs
        assert len(training)
        assert len(tests.inside)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"inputs": {"x": [1], "x": [2]}, "outputs": [3]}', "the key 'x' is given 2 times"),
        ('{"inputs": {"x": [1]}, "outputs": [3], "outputs": [4]}', "the key 'outputs' is given 2"),
        (r'{"inputs": {"x": ["\udc80"]}, "outputs": [3]}', "half of a character"),
        (r'{"name": "\ud83d", "inputs": {"x": [1]}, "outputs": [3]}', "half of a character"),
        (f'{{"inputs": {{"x": [{"7" * 4301}]}}, "outputs": [3]}}', "a number has 4,301 digits"),
        (f'{{"inputs": {"[" * 90_000}', "it is nested too deep"),
    ],
)
def test_what_would_be_lost_or_could_not_be_written_is_refused(tmp_path, text, told):
    file = tmp_path / "given.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        load(str(file))


def test_a_character_in_two_halves_is_a_text(tmp_path):
    file = tmp_path / "given.jsonl"
    file.write_text(r'{"inputs": {"x": ["\ud83d\ude00", "a"]}, "outputs": [3, 4]}')
    (task,) = load(str(file))
    tests = draw_tests(task, 9, 9)
    columns = [draw_training(task, 9, 0, tests.reserved).inputs["x"], tests.inside.inputs["x"]]
    assert "\N{GRINNING FACE}" in [text for column in columns for text in column]
