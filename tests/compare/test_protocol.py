"""The settings of a run determine its trials."""

import inspect
from dataclasses import fields
from itertools import pairwise
from typing import Any

import pytest

from dlcompare.compare.api import run
from dlcompare.compare.cli.run import command
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.learners.learner_table import LEARNERS, parse
from dlcompare.compare.trials.protocol import PRESETS, Chosen, Settings, plan
from dlcompare.tasks.errors import InputError, UnknownNameError


def settings(**given: Any) -> Settings:
    return RunOptions(device="cpu", **given).settings(["sorting"])


FLOORS = {"smoke": (2, 1, 8, 8), "quick": (5, 3, 256, 32), "full": (12, 10, 500, 500)}


@pytest.mark.parametrize("name", FLOORS)
def test_a_preset_is_at_least_as_thorough_as_its_floor(name: str) -> None:
    preset, (sizes, seeds, inside, per_level) = PRESETS[name], FLOORS[name]
    assert len(preset.train_sizes) >= sizes
    assert preset.seeds >= seeds
    assert preset.inside >= inside
    assert preset.per_level >= per_level
    names = {each.name for each in preset.learners}
    assert names >= {"synthesis", "transformer", "content_blind", "copy", "nearest_neighbour"}


def test_both_sides_and_the_baselines_meet_at_every_size_and_seed() -> None:
    trials = plan(settings(), {"sorting": 4096})
    cells = {(t.learner, t.n, t.seed) for t in trials}
    assert len(cells) == len(trials)
    for learner in ("synthesis", "transformer", "content_blind", "copy", "nearest_neighbour"):
        for n in (1, 4, 16, 64, 256, 1024, 4096):
            assert {(learner, n, seed) for seed in range(3)} <= cells


def test_levels_and_the_task_aware_network_are_at_the_largest_size_only() -> None:
    trials = plan(settings(), {"sorting": 4096})
    assert {t.n for t in trials if t.levels} == {4096}
    aware = [t for t in trials if parse(t.learner).task_aware]
    assert {(t.n, t.seed) for t in aware} == {(4096, 0), (4096, 1), (4096, 2)}


def test_where_the_task_supplies_less_larger_sizes_are_clipped_to_all_that_there_is() -> None:
    trials = plan(settings(), {"sorting": 300})
    assert {t.n for t in trials} == {1, 4, 16, 64, 256, 300}
    assert {t.n for t in trials if t.levels} == {300}
    assert all(t.supplied for t in trials)
    cells = [(t.learner, t.n, t.seed) for t in trials]
    assert len(set(cells)) == len(cells)


def test_where_there_is_nothing_to_learn_from_no_trial_is_supplied() -> None:
    trials = plan(settings(), {"sorting": 0, "reverse": 4})
    assert {t.task for t in trials if t.supplied} == {"reverse"}
    assert {t.n for t in trials if t.supplied} == {1, 4}
    assert {t.task for t in trials} == {"sorting", "reverse"}


def test_synthesis_comes_first_networks_last_and_no_long_trial_at_the_end() -> None:
    trials = plan(settings(), {"sorting": 4096, "reverse": 4096})
    assert trials == plan(settings(), {"sorting": 4096, "reverse": 4096})
    ranks = [parse(t.learner).entry.rank for t in trials]
    assert ranks == sorted(ranks)
    assert trials[0].learner == "synthesis"
    assert parse(trials[-1].learner).base == "transformer"
    for one, next_ in pairwise(trials):
        first, second = parse(one.learner).entry, parse(next_.learner).entry
        if first.rank == second.rank:
            assert one.n >= next_.n if first.uses_device else one.n <= next_.n


def test_settings_survive_json() -> None:
    its = settings(learners=["transformer:width=64,positions=place_value", "copy"], seeds=5)
    assert Settings.from_json(its.as_json()) == its
    assert its.learners[0] == Chosen("transformer:positions=place_value,width=64")


@pytest.mark.parametrize(
    "given",
    [
        {"preset": "thorough"},
        {"train_sizes": [0, 4]},
        {"train_sizes": []},
        {"seeds": 0},
        {"updates": 0},
        {"candidates": 2**63},
        {"device": "tpu"},
        {"jobs": 0},
        {"timeout": -1},
        {"memory": 0},
        {"memory": float("nan")},
        {"backend": "dask"},
        {"address": "localhost:6379"},
    ],
)
def test_options_that_make_no_sense_are_refused_by_name(given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(given))):
        RunOptions(**given)


def test_the_command_line_and_python_have_the_same_options_with_the_same_defaults() -> None:
    names = {each.name for each in fields(RunOptions)}
    typed = command.make_context("run", ["sorting"]).params
    assert typed.keys() - names == {"tasks", "everything", "quiet", "as_json"}
    assert RunOptions(**{name: typed[name] for name in names}) == RunOptions()
    python = inspect.signature(run).parameters
    assert python.keys() - names == {"tasks", "progress"}
    called = {name: python[name].default for name in names}
    assert RunOptions(**{**called, "learners": called["learners"] or ()}) == RunOptions()


def test_a_learner_has_one_name_however_its_options_are_ordered() -> None:
    one, other = parse("transformer:a=1,b=2"), parse("transformer:b=2,a=1")
    assert str(one) == str(other) == "transformer:a=1,b=2"


def test_the_task_aware_network_is_labelled() -> None:
    assert parse("transformer:positions=place_value").label == "task-aware transformer"
    assert parse("transformer:digits=least_first").label.endswith("(task-aware)")
    assert "task-aware" not in parse("transformer").label
    assert "task-aware" not in parse("transformer:positions=rotary").label


def test_an_unknown_learner_answers_with_the_closest_one() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'transformer'"):
        parse("transfomer")


def test_every_learner_has_a_line_that_describes_it() -> None:
    assert all(entry.description.endswith(".") for entry in LEARNERS.values())
