"""A damaged store: what is read equals what was written, or is named; the rest is made again."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import dlcompare
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.trials.judged_answers import JudgedAnswer
from dlcompare.compare.trials.metrics import Score
from dlcompare.compare.trials.store import FILE, About, Record, Store, read
from dlcompare.compare.trials.trial import LevelScore, Spent, Trial
from dlcompare.tasks.errors import InputError

PAGE = 4096
SEEDS = 10
SETTINGS = RunOptions(["copy", "synthesis"], "smoke", [4, 16], SEEDS, "cpu").settings(["t"])
ABOUT = About(
    SETTINGS,
    {"dlcompare": dlcompare.__version__, "torch": None},
    {"cores": 2, "memory_gb": 15.5, "gpu": None},
    "2026-01-01T00:00:00+00:00",
    {"copy": "copy", "synthesis": "synthesis"},
)
CARD = {
    "description": "A task.",
    "signature": "t(xs: list[int]) -> list[int]",
    "axes": {"length": {"train": [1, 2], "test": [12, 16], "ordered": True}},
    "untested": [{"length": 0}],
    "available": 16,
    "fingerprint": "print",
}
CONTROL = {
    "task": "t",
    "learner": "copy",
    "label": "copy",
    "axis": "length",
    "level": 12,
    "seed": 0,
    "examples": 20,
    "updates": 7,
    "exact_match": 0.25,
}


def made_up(learner: str, n: int, seed: int, rng: random.Random) -> Trial:
    """A trial with a random outcome of every kind."""
    spent = Spent(rng.random(), rng.random(), 0.0, rng.random(), 0.1, rng.randrange(10**9), 5)
    if rng.random() < 0.2:
        reason = "x" * rng.randrange(3_000)
        return Trial("t", learner, n, seed, "timeout", reason, None, (), n == 16, spent, {}, None)
    score = Score(32, rng.random(), rng.random(), 2.5)
    levels = tuple(LevelScore("length", level, score) for level in (12, 16) if n == 16)
    answers = tuple(
        JudgedAnswer(
            "length", 12, f"xs={[rng.randrange(99) for _ in range(9)]}", "[1]", "[2, …", False, 1
        )
        for _ in range(rng.randrange(9))
    )
    program = {"python": "def t(xs):\n    return xs", "dsl": "xs", "nodes": 1, "cost": 3}
    prior = {"knows": "naïve 🎲", "bits": 3.5, "library": 15}
    its = prior, program if learner == "synthesis" else None, answers
    return Trial("t", learner, n, seed, "ok", None, score, levels, n == 16, spent, *its)


RNG = random.Random(0)
TRIALS = [
    made_up(learner, n, seed, RNG)
    for seed in range(SEEDS)
    for n in (4, 16)
    for learner in ("copy", "synthesis")
]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A store that was closed, and one as a killed run leaves it, with its log."""
    folder = tmp_path_factory.mktemp("run")
    with Store(folder) as store:
        store.begin(ABOUT, {"t": ("print", CARD)})
        store.add_control(CONTROL, "print")
        for seconds, trial in enumerate(TRIALS):
            store.add(trial, "print", float(seconds))
        killed = shutil.copytree(folder, tmp_path_factory.mktemp("killed") / "run")
    return {"closed": folder, "killed": killed}


def flip(content: bytearray, rng: random.Random) -> None:
    """Change single bits."""
    for _ in range(rng.choice((1, 1, 3, 50))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def overwrite(content: bytearray, rng: random.Random) -> None:
    """Put random bytes in the place of a block."""
    start, size = rng.randrange(len(content)), rng.choice((4, 100, 5_000))
    end = min(start + size, len(content))
    content[start:end] = rng.randbytes(end - start)


def zero(content: bytearray, rng: random.Random) -> None:
    """Put zeros in the place of a page or of a block, as a disk does that lost it."""
    start = rng.choice((rng.randrange(len(content)), rng.randrange(len(content)) // PAGE * PAGE))
    end = min(start + rng.choice((1, 512, PAGE, 3 * PAGE)), len(content))
    content[start:end] = bytes(end - start)


def truncate(content: bytearray, rng: random.Random) -> None:
    """Cut the end off."""
    del content[rng.randrange(len(content)) :]


def swap(content: bytearray, rng: random.Random) -> None:
    """Exchange two pages."""
    one, other = (PAGE * rng.randrange(len(content) // PAGE) for _ in range(2))
    first, second = content[one : one + PAGE], content[other : other + PAGE]
    content[one : one + PAGE], content[other : other + PAGE] = second, first


def repeat(content: bytearray, rng: random.Random) -> None:
    """Put one page in the place of another."""
    one, other = (PAGE * rng.randrange(len(content) // PAGE) for _ in range(2))
    content[one : one + PAGE] = content[other : other + PAGE]


def insert(content: bytearray, rng: random.Random) -> None:
    """Insert bytes, or take some out."""
    at, size = rng.randrange(len(content)), rng.choice((1, 100, PAGE))
    if rng.random() < 0.5:
        content[at:at] = rng.randbytes(size)
    else:
        del content[at : at + size]


def digit(content: bytearray, rng: random.Random) -> None:
    """Change one digit of a number in a row to another: a value that looks like one."""
    places = [i for i, byte in enumerate(content) if 48 <= byte <= 57]
    if places:
        place = rng.choice(places)
        content[place] = 48 + (content[place] - 48 + rng.randrange(1, 10)) % 10


CORRUPTIONS: list[Callable[[bytearray, random.Random], None]] = [
    flip, overwrite, zero, truncate, swap, repeat, insert, digit,
]  # fmt: skip


def corrupted(stores: dict[str, Path], folder: Path, seed: int) -> str:
    """Put a store in `folder`, one of its files corrupted; say which of the two stores it is."""
    rng = random.Random(seed)
    kind = "killed" if seed % 4 == 3 else "closed"
    shutil.copytree(stores[kind], folder)
    file = folder / (f"{FILE}-wal" if kind == "killed" and rng.random() < 0.7 else FILE)
    content = bytearray(file.read_bytes())
    if content:
        rng.choice(CORRUPTIONS)(content, rng)
    file.write_bytes(content)
    return kind


def check(record: Record, kind: str) -> None:
    """Every value is the one that was written; what is not there is named as damaged.

    A log is believed up to its first damaged frame: what a killed run leaves may be an earlier
    state, and is a whole one.
    """
    assert record.about == ABOUT
    known = {(t.learner, t.n, t.seed): t for t in TRIALS}
    for trial in record.trials:
        assert trial == known[trial.learner, trial.n, trial.seed]
    whole = len(record.trials) == len(TRIALS) and record.tasks and record.controls
    if not record.damage and kind == "killed":
        found = {(t.learner, t.n, t.seed) for t in record.trials}
        assert found == set(list(known)[: len(found)])
    else:
        assert record.damage or (whole and record.seconds == len(TRIALS) - 1)
    assert all(card == CARD for card in record.tasks.values())
    assert all(control == CONTROL for control in record.controls)
    assert record.seconds in range(len(TRIALS))


@pytest.mark.parametrize("block", range(4))
def test_200_corruptions_change_no_value_in_silence_and_raise_nothing_but_sentences(
    stores: dict[str, Path], tmp_path: Path, block: int
) -> None:
    refused = read_in_part = 0
    for seed in range(50 * block, 50 * block + 50):
        folder = tmp_path / str(seed)
        kind = corrupted(stores, folder, seed)
        try:
            record = read(folder)
            check(record, kind)
            read_in_part += bool(record.damage)
            if seed % 5 == 0:
                resume(folder, kind)
        except InputError:
            refused += 1
        shutil.rmtree(folder)
    assert refused < 10, "what is not damaged is read"
    assert read_in_part > 20, "most of what is done here is damage"


def resume(folder: Path, kind: str) -> None:
    """Make what is missing, as a run does; afterwards all is there."""
    with Store(folder) as store:
        assert store.about() == ABOUT
        if kind == "closed":
            assert store.damage == () or list(folder.glob("damaged-*"))
        store.begin(ABOUT, {"t": ("print", CARD)})
        store.outdated({"t": "print"}, {})
        there = {(t.learner, t.n, t.seed) for t in store.record().trials}
        for trial in TRIALS:
            if (trial.learner, trial.n, trial.seed) not in there:
                store.add(trial, "print", 1.0)
    again = read(folder)
    assert again.damage == ()
    assert sorted(map(repr, again.trials)) == sorted(map(repr, TRIALS))


def test_commands_on_corrupted_runs_tell_what_is_damaged_and_go_on(
    stores: dict[str, Path], tmp_path: Path, command: Callable[..., CompletedProcess[str]]
) -> None:
    shutil.copytree(stores["closed"], tmp_path / "runs" / "whole")
    for seed in range(1_000, 1_020):
        corrupted(stores, tmp_path / "runs" / str(seed), seed)
        for words in (["report", f"runs/{seed}"], ["diff", f"runs/{seed}", "runs/whole"]):
            done = command(*words)
            assert done.returncode in (0, 2), done.stderr
            assert "Traceback" not in done.stderr
            assert done.returncode == 0 or done.stderr.startswith("Error: ")
    listed = command("runs")
    assert listed.returncode == 0
    assert "runs/whole" in listed.stdout
    assert "damaged" in listed.stdout
