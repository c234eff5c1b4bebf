"""The commands about tasks: list and show them, check them, begin a new one."""

import ast
import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from dlcompare.compare.cli.check import unknown_primitives
from dlcompare.compare.experiment.shortcuts import given_away, misled
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.samplers import ints, lists
from dlcompare.tasks.task import task

FAULTY = """
import random
from dlcompare import ints, lists, task

@task(inputs=lists(ints(0, 9)), train={"length": range(5)}, test={"length": [3, 16]})
def shuffled(xs: list[int]) -> list[int]:
    "In any order."
    return random.sample(xs, len(xs))
"""


@pytest.fixture
def command(tmp_path):
    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "dlcompare", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_tasks_are_listed_by_family_with_types_axes_and_tags(command):
    done = command("tasks")
    assert done.returncode == 0
    assert "sorting (" in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("  sorting ")]
    assert line.split() == [
        "sorting", "list[int]", "->", "list[int]",
        "length,", "magnitude,", "order,", "duplicates", "specification",
    ]  # fmt: skip


def test_json_is_a_flat_list(command):
    records = json.loads(command("tasks", "--json").stdout)
    by_name = {record["name"]: record for record in records}
    assert len(by_name) == len(records) >= 60
    assert by_name["sorting"]["family"] == "sorting"
    assert by_name["sorting"]["axes"]["length"][-1] == 512
    assert by_name["noisy_sorting_1_in_20"]["tags"] == ["specification", "noise 5.0%"]


def test_listing_loads_no_heavy_library():
    code = (
        "import sys; from dlcompare.compare.cli import main\n"
        "sys.argv[1:] = ['tasks', *sys.argv[1:]]\n"
        "try: main()\n"
        "except SystemExit: print(*sorted(sys.modules), file=sys.stderr)"
    )
    for words in ([], ["sorting"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
        )
        loaded = {name.partition(".")[0] for name in done.stderr.split()}
        assert "numpy" in loaded
        assert not loaded & {"torch", "numba", "z3", "scipy", "networkx", "sklearn", "altair"}


def test_one_task_is_shown_with_examples_at_each_level(command):
    text = command("tasks", "sorting").stdout
    assert text.startswith("sorting(xs: list[int]) -> list[int]\n")
    assert "inside the training range (" in text
    for level in ("length = 512", "magnitude = 1000000", "order = descending", "duplicates = 0.8"):
        assert f"{level} (" in text
    assert "tokens, " in text
    assert "% duplicates)" in text
    unknown = command("tasks", "sortin")
    assert unknown.returncode == 2
    assert "did you mean 'sorting'?" in unknown.stderr


def test_check_says_what_is_wrong_and_ends_with_1(command, tmp_path):
    (tmp_path / "faulty.py").write_text(FAULTY)
    done = command("check", "faulty.py", "reverse_words")
    assert done.returncode == 1
    for part in (
        "shuffled: the description has no worked example; add a line such as: shuffled(...) == ...",
        "shuffled: level 3 of axis 'length' is trained on",
        "shuffled: the same input has different outputs",
        "shuffled: it uses the global random generator",
        "1 of 2 tasks are in order",
    ):
        assert part in done.stdout
    assert command("check", "reverse_words").stdout == "reverse_words is in order\n"


def test_a_task_that_one_primitive_answers_is_given_away():
    @task(inputs=lists(ints(0, 9)), train={"length": range(9)})
    def total(xs: list[int]) -> int:
        """Add up a list."""
        return sum(xs)

    assert "the program (sum xs) answers it; withhold a primitive" in str(given_away(total))
    assert given_away(replace(total, without=frozenset({"sum"}))) is None


def ascending(rng, setting):
    return {"xs": sorted(rng.integers(-99, 99, size=setting.get("length", 4)).tolist())}


def single_words(rng, setting):
    return {"text": "".join("abc"[i] for i in rng.integers(3, size=setting.get("length", 4)))}


def last_of_sorted(xs: list[int]) -> int:
    """The largest element."""
    return max(xs)


def split_words(text: str) -> list[str]:
    """The words of a text."""
    return text.split(" ")


def doubled(xs: list[int]) -> list[int]:
    """Every element twice over, of a list that has one."""
    if not xs:
        raise ValueError("there must be an element")
    return [2 * x for x in xs]


@pytest.mark.parametrize(
    ("function", "inputs", "where"),
    [(last_of_sorted, ascending, "xs"), (split_words, single_words, "text")],
)
def test_a_sampler_that_a_wrong_short_program_satisfies_is_warned_of(function, inputs, where):
    made = task(inputs=inputs, train={"length": range(1, 7)}, without={"largest"})(function)
    said = str(misled(made))
    assert said.startswith("a wrong program is right on all that the sampler draws: (")
    wrong, right = re.search(r"gives (.*) for \{.*\}, the function (.*); if", said).groups()
    given = ast.literal_eval(re.search(r"for (\{.*\}), the", said)[1])
    assert repr(function(**given)) == right != wrong
    assert list(given) == [where]


def distinct(rng, setting):
    return {"xs": rng.permutation(20)[: setting.get("length", 4)].tolist()}


def each_once(xs: list[int]) -> list[int]:
    """In order, each of them once."""
    return sorted(set(xs))


@pytest.mark.parametrize(
    ("function", "inputs"), [(last_of_sorted, ascending), (each_once, distinct)]
)
def test_one_operation_that_is_wrong_beyond_the_sampler_gives_no_task_away(function, inputs):
    made = task(inputs=inputs, train={"length": range(1, 7)}, without={"largest", "unique"})(
        function
    )
    assert given_away(made) is None
    assert "a wrong program" in str(misled(made))


def test_a_sampler_is_in_order_where_the_program_is_right_wherever_the_function_answers():
    made = task(inputs=lists(ints(-9, 9), range(1, 6)), train={"length": range(1, 6)})(doubled)
    assert misled(made) is None


def test_check_warns_and_ends_with_0(command, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from dlcompare import task\n"
        "def drawn(rng, setting):\n"
        "    return {'xs': sorted(rng.integers(99, size=setting['length']).tolist())}\n"
        "@task(inputs=drawn, train={'length': range(2, 7)}, test={'length': [8, 12]},\n"
        "      without={'largest', 'smallest', 'sort'})\n"
        "def spread(xs: list[int]) -> int:\n"
        "    '''The largest minus the smallest.\n\n    spread([1, 3]) == 2\n    '''\n"
        "    return max(xs) - min(xs)\n"
    )
    done = command("check", "mine.py")
    assert done.returncode == 0, done.stdout
    assert "spread: warning: a wrong program is right on all that the sampler" in done.stdout
    assert "it changes its argument" not in done.stdout
    assert done.stdout.endswith("spread is in order\n")


def test_what_a_task_withholds_is_a_primitive(command, tmp_path):
    assert [name for name, each in catalogue().items() if unknown_primitives(each)] == []
    (tmp_path / "mine.py").write_text(FAULTY.replace("@task(", '@task(without={"sorted"}, '))
    done = command("check", "mine.py")
    assert "without='sorted' withholds nothing" in done.stdout
    assert "did you mean 'sort'?" in done.stdout


@pytest.mark.slow
def test_no_task_of_the_catalogue_is_given_away():
    assert [
        each.name for each in catalogue().values() if not each.missing and given_away(each)
    ] == []


@pytest.mark.parametrize("words", [(), ("--all", "sorting")])
def test_check_wants_targets_or_all(command, words):
    done = command("check", *words)
    assert done.returncode == 2
    assert "name tasks or files to check, or give --all" in done.stderr


def test_a_new_task_is_in_order_as_written_and_nothing_is_overwritten(command, tmp_path):
    assert command("new", "largest").stdout == "wrote largest.py\nwrote test_largest.py\n"
    assert command("check", "largest.py").returncode == 0
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "test_largest.py"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    (tmp_path / "largest.py").write_text("mine")
    again = command("new", "largest")
    assert again.returncode == 2
    assert "largest.py exists; choose another name" in again.stderr
    assert (tmp_path / "largest.py").read_text() == "mine"


@pytest.mark.parametrize("name", ["a-b", "class", "1st", "../up", "λ"])
def test_a_new_task_needs_the_name_of_a_function(command, tmp_path, name):
    done = command("new", name)
    assert done.returncode == 2
    assert "cannot be the name of a function" in done.stderr
    assert list(tmp_path.iterdir()) == []
