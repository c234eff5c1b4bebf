"""Driving: the reference never crashes; a policy that does is counted, and taught where it was."""

# Policies ignore what they are given:
# ruff: noqa: ARG002

import json

import numpy as np
import pytest
from click.testing import CliRunner

from dlcompare.compare.cli.drive import command
from dlcompare.compare.experiment.driving import drive, here
from dlcompare.compare.learners.learner_table import create, parse
from dlcompare.tasks.catalog.navigation import HOME
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import InputError, NoProgramError
from dlcompare.tasks.problem import Budget
from dlcompare.tasks.registry import catalogue

NAVIGATE = catalogue()["navigate"]


class Follows:
    """Gives one answer to everything, or asks a function."""

    cost, prior = Cost(), {}

    def __init__(self, answer):
        self.answer = answer
        self.sizes = []

    def fit(self, problem, budget, seed):
        self.sizes.append(len(problem.examples))
        return self

    def predict(self, inputs):
        return [self.answer(row) for row in inputs]


def driven(answer, rounds=2):
    learner = Follows(answer)
    return list(drive(NAVIGATE, here(learner, Budget(), 0), rounds, 12, 0)), learner


def test_the_reference_arrives_everywhere_and_never_crashes():
    records, _ = driven(NAVIGATE.answer)
    assert {record.where for record in records} == {
        "training", "city unseen", "size 12", "size 16",
    }  # fmt: skip
    assert all(record.arrived == record.drives == 12 for record in records)


def test_a_blind_policy_crashes_and_one_without_answers_is_stuck():
    records, _ = driven(lambda _: 0)
    assert all(r.crashed + r.arrived == r.drives and r.crashed > r.arrived for r in records)
    for nothing in (None, "north", [0], (0,), True, 0.0):
        records, _ = driven(lambda _, its=nothing: its, rounds=1)
        assert all(r.stuck == r.drives for r in records)


def test_visited_states_are_labelled_by_the_reference_and_each_counts_once():
    records, learner = driven(lambda _: 1, rounds=4)
    rounds = [record.labelled for record in records if record.where == "training"]
    assert rounds == sorted(rounds)
    assert rounds[0] == 16 < rounds[-1]
    assert learner.sizes == rounds


def test_a_fit_that_fails_is_an_outcome():
    class Fails(Follows):
        def fit(self, problem, budget, seed):
            raise NoProgramError("none")

    records = list(drive(NAVIGATE, here(Fails(None), Budget(), 0), 1, 4, 0))
    assert {(record.status, record.stuck) for record in records} == {("no_program", 4)}


def test_unseen_cities_are_not_home():
    rng = np.random.default_rng(0)
    for _ in range(20):
        city = NAVIGATE.world.begin(rng, {"city": "unseen", "size": 8})["city"]
        assert tuple(map(tuple, city)) != HOME


def test_a_task_that_is_asked_cannot_be_driven():
    learner = create(parse("copy"), "cpu")
    with pytest.raises(InputError, match="navigate is driven"):
        list(drive(catalogue()["sorting"], here(learner, Budget(), 0), 1, 1, 0))


def test_the_command_prints_every_round_and_every_level_for_every_learner():
    words = ["navigate", "--learner", "copy", "--learner", "content_blind", "--rounds", "2"]
    done = CliRunner().invoke(command, [*words, "--drives", "4", "--json"], standalone_mode=False)
    records = [json.loads(line) for line in done.output.splitlines()]
    assert [r["learner"] for r in records] == ["copy"] * 6 + ["content_blind"] * 6
    assert all(r["arrived"] + r["crashed"] + r["stuck"] == r["drives"] == 4 for r in records)


def test_a_learner_that_hangs_or_dies_is_stuck_and_the_next_one_drives(tmp_path):
    (tmp_path / "mine.py").write_text(
        "import os, time\n"
        "class Hangs:\n"
        "    def fit(self, problem, budget, seed):\n"
        "        time.sleep(600)\n"
        "class Dies:\n"
        "    def fit(self, problem, budget, seed):\n"
        "        os.abort()\n"
        "def hangs(options, device): return Hangs()\n"
        "def dies(options, device): return Dies()\n"
    )
    chosen = [f"{tmp_path}/mine.py:hangs", f"{tmp_path}/mine.py:dies", "copy"]
    words = [word for name in chosen for word in ("--learner", name)]
    words += ["--rounds", "1", "--drives", "2", "--timeout", "0.5", "--json"]
    done = CliRunner().invoke(command, ["navigate", *words], standalone_mode=False)
    records = [json.loads(line) for line in done.output.splitlines()]
    ends = {(r["learner"].rpartition(":")[2], r["status"]) for r in records}
    assert ends == {("hangs", "timeout"), ("dies", "crash"), ("copy", "ok")}
    assert all(r["stuck"] == 2 for r in records if r["status"] != "ok")
