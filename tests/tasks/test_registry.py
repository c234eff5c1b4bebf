"""Tasks by name and by file, and what is said when there is none."""

import numpy as np
import pytest

from dlcompare.tasks.errors import InputError, UnknownNameError
from dlcompare.tasks.registry import load
from dlcompare.tasks.samplers import ints, lists
from dlcompare.tasks.task import task

FILE = '''
from dlcompare import ints, lists, task

@task(inputs=lists(ints(0, 9)), train={"length": range(5)}, test={"length": [8, 16]})
def total(xs: list[int]) -> int:
    """Add up a list."""
    return sum(xs)

@task(inputs={"k": ints(0, 9), "xs": lists(ints(0, 9))}, test={"xs.length": [20], "digits": [3]})
def scaled(k: int, xs: list[int]) -> list[int]:
    """Multiply every element."""
    return [k * x for x in xs]
'''


def test_a_file_gives_its_tasks_and_one_by_name(tmp_path):
    file = tmp_path / "my_tasks.py"
    file.write_text(FILE)
    assert [t.name for t in load(str(file))] == ["total", "scaled"]
    (only,) = load(f"{file}:scaled")
    assert only(2, [1, 3]) == [2, 6]
    assert load(only.address)[0].fingerprint == only.fingerprint


def test_the_fingerprint_follows_the_function(tmp_path):
    file = tmp_path / "my_tasks.py"
    file.write_text(FILE)
    before = {t.name: t.fingerprint for t in load(str(file))}
    file.write_text(FILE.replace("sum(xs)", "sum(xs) + 1"))
    after = {t.name: t.fingerprint for t in load(str(file))}
    assert before["total"] != after["total"]
    assert before["scaled"] == after["scaled"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1\n", "defines no task"),
        ("x = 1\nraise ValueError('no luck')\n", "line 2: importing it raised ValueError: no luck"),
        ("def f(:\n", "line 1"),
        (FILE.replace("xs: list[int]", "xs"), "'xs' has no annotation"),
        (FILE.replace("list[int]) -> int", "list[int]) -> float"), "cannot be used"),
        (FILE.replace('"length": range(5)', '"size": range(5)'), "no argument has a knob 'size'"),
        (FILE.replace('{"k": ints(0, 9), ', "{"), "one sampler for each argument"),
        (FILE.replace("[8, 16]", "[8, 8]"), "must differ"),
        (FILE.replace("[8, 16]", "8"), "must give axis 'length' a list of values"),
        (FILE.replace('{"length": range(5)}', "range(5)"), "must map each axis to its values"),
    ],
)
def test_a_faulty_file_is_one_sentence_that_names_it(tmp_path, text, sentence):
    file = tmp_path / "my_tasks.py"
    file.write_text(text)
    with pytest.raises(InputError, match=sentence) as caught:
        load(str(file))
    assert str(file) in str(caught.value)


def test_a_relative_path_names_the_line_too(tmp_path, monkeypatch):
    (tmp_path / "broken.py").write_text("x = 1\nraise ValueError('no luck')\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"broken\.py, line 2"):
        load("broken.py")


def test_a_long_list_of_names_is_not_spelt_out():
    with pytest.raises(UnknownNameError, match="dlcompare tasks lists them"):
        load("no such task")


def test_unknown_names_come_with_the_closest_match(tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean 'sorting'"):
        load("sortin")
    with pytest.raises(InputError, match="there is no task file"):
        load(str(tmp_path / "none.py"))
    file = tmp_path / "my_tasks.py"
    file.write_text(FILE)
    with pytest.raises(UnknownNameError, match="did you mean 'total'"):
        load(f"{file}:totl")


def test_a_function_that_fails_on_its_own_inputs_is_named():
    @task(inputs=lists(ints(0, 9)))
    def first(xs: list[int]) -> int:
        """The first element."""
        return xs[0]

    with pytest.raises(InputError, match=r"'first' raised IndexError.*\{'xs': \[\]\}"):
        first.answer({"xs": []})


def test_a_function_may_change_its_argument_without_harm():
    @task(inputs=lists(ints(0, 9)))
    def ordered(xs: list[int]) -> list[int]:
        """Sort in place."""
        xs.sort()
        return xs

    inputs = {"xs": [3, 1]}
    assert ordered.answer(inputs) == [1, 3]
    assert inputs == {"xs": [3, 1]}


def test_levels_may_be_numpy_s_and_become_python_s():
    @task(
        inputs=lists(ints(0, 9)),
        train={"length": np.arange(1, 4)},
        test={"length": np.array([8, 16]), "duplicates": np.linspace(0.25, 0.75, 3)},
    )
    def total(xs: list[int]) -> int:
        """Add up a list."""
        return sum(xs)

    length, duplicates = total.axes
    assert [*map(type, length.train + length.test)] == [int] * 5
    assert duplicates.test == (0.25, 0.5, 0.75)
    assert set(map(type, duplicates.test)) == {float}
    with pytest.raises(InputError, match=r"axis 'length' the value \(8, 9\); a value is a number"):
        task(inputs=lists(ints(0, 9)), test={"length": [(8, 9)]})(total.function)
