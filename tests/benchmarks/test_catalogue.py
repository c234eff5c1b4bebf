"""The catalogue's benchmark: what it keeps of a trial, and what it calls won and lost."""

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.catalogue import LEARNER, Result, beyond, compared, inside, trials, untried
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.tasks.registry import catalogue

SHARES = st.sampled_from((0.0, 0.5, 1.0))


@st.composite
def results(draw: st.DrawFn) -> dict[str, Result]:
    levels = st.dictionaries(st.sampled_from(("8", "64")), SHARES)
    each = st.builds(
        lambda share, at: {**untried(""), "inside": share, "levels": {"length": at}}, SHARES, levels
    )
    return draw(st.dictionaries(st.sampled_from("abcd"), each))


@given(results(), results())
def test_what_is_lost_one_way_is_won_the_other(
    old: dict[str, Result], new: dict[str, Result]
) -> None:
    both = sorted(old.keys() & new.keys())
    forth, back = (
        [line.split()[:2] for line in compared(*pair) if line.startswith("  ")]
        for pair in ((old, new), (new, old))
    )
    exchanged = [[{"won": "lost", "lost": "won"}[word], name] for word, name in back]
    assert sorted(forth) == sorted(exchanged)
    changed = [
        name for holds in (inside, beyond) for name in both if holds(old[name]) != holds(new[name])
    ]
    assert sorted(name for _, name in forth) == sorted(changed)


def test_a_task_within_reach_is_right_to_its_last_level() -> None:
    task = catalogue()["count_occurrences"]
    options = RunOptions([LEARNER], train_sizes=[16], seeds=1, device="cpu", timeout=120)
    settings = options.settings([task.name])
    ((name, result),) = trials([task], settings, 1)
    assert name == task.name
    assert beyond(result)
    assert result["program"]
    assert set(result["levels"]) == {axis.name for axis in task.axes if axis.test}
