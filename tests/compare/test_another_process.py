"""A task in another process, in which sets are ordered otherwise: what differs there is a fault."""

from pathlib import Path

import pytest

from dlcompare.compare.task_files.remote import load, twins
from dlcompare.tasks import registry
from dlcompare.tasks.contract import disagreements

HEAD = "from dlcompare import lists, strings, task\n"
WORDS = """
@task(inputs=lists(strings("abc")), train={"length": range(2, 6)}, test={"length": [8, 12]})
def distinct(words: list[str]) -> list[str]:
    "Each once."
    return OUT
"""


SAMPLED = """
def drawn(rng, setting):
    lengths = [len(word) for word in {"a" * i for i in range(20)}]
    return {"xs": [*lengths[:setting["length"]], int(rng.integers(10**6))]}

@task(inputs=drawn, train={"length": range(2, 6)}, test={"length": [8, 12]})
def largest(xs: list[int]) -> int:
    "The largest."
    return max(xs)
"""


@pytest.mark.parametrize(
    ("out", "differs"),
    [
        ("list(set(words))", True),
        ("[w for w in {w: 0 for w in words}]", False),
        ("sorted(set(words))", False),
        ("[str(hash(w) % 7) for w in words]", True),
        ("sorted(words, key=lambda w: id(w))", True),
    ],
)
def test_what_depends_on_the_order_of_a_set_differs_in_another_process(
    tmp_path: Path, out: str, differs: bool
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(HEAD + WORDS.replace("OUT", out))
    (task,) = load(str(file))
    found = disagreements(task, twins([task])[task.address])
    assert bool(found) == differs
    if differs:
        assert "in one process and" in found[0]
        assert "{'words': [" in found[0]


def test_a_sampler_that_depends_on_the_order_of_a_set_differs_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(HEAD + SAMPLED)
    (task,) = load(str(file))
    (said,) = disagreements(task, twins([task])[task.address])
    assert "the sampler draws other inputs in another process" in said


def test_the_catalogue_is_the_same_in_another_process() -> None:
    tasks = [registry.load(name)[0] for name in ("topological_order", "longest_word")]
    others = twins(tasks)
    assert [disagreements(each, others[each.address]) for each in tasks] == [[], []]
