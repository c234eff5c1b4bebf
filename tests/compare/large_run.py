"""Print the cost of keeping, reading, summarising and drawing a large run; no trial is made.

Seconds are those of the processor, so that other work on the machine does not count.

python tests/compare/large_run.py --trials 100000
"""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

import dlcompare
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.experiment.summarise import summarise
from dlcompare.compare.report.html import render_report
from dlcompare.compare.summary.json_values import as_json
from dlcompare.compare.trials.metrics import Score
from dlcompare.compare.trials.store import FILE, About, Store
from dlcompare.compare.trials.trial import LevelScore, Spent, Trial

LEARNERS = ["synthesis", "transformer", "copy", "nearest_neighbour", "content_blind"]
SIZES = [2**k for k in range(13)]
SEEDS = 10
LEVELS = (12, 16, 32, 64, 128, 256, 512)
CARD = {
    "description": "A task.",
    "signature": "task(xs: list[int]) -> list[int]",
    "axes": {"length": {"train": [1, 8], "test": list(LEVELS), "ordered": True}},
    "untested": [],
    "available": SIZES[-1],
}


def made_up(task: str, learner: str, n: int, seed: int, rng: random.Random) -> Trial:
    """A trial with a random outcome."""
    right = rng.random()
    score = Score(500, right, right, 2.0)
    whole = n == SIZES[-1]
    levels = tuple(LevelScore("length", level, score) for level in LEVELS if whole)
    spent = Spent(wall_seconds=1.0)
    return Trial(task, learner, n, seed, "ok", None, score, levels, whole, spent, {}, None)


def main(count: int) -> None:
    """Keep `count` trials, read them, summarise them, draw the report; print each time."""
    rng = random.Random(0)
    tasks = [f"task_{i}" for i in range(-(-count // (len(LEARNERS) * len(SIZES) * SEEDS)))]
    settings = RunOptions(LEARNERS, "full", SIZES, SEEDS, "cpu").settings(tasks)
    about = About(settings, {"dlcompare": dlcompare.__version__}, {}, "2026-01-01T00:00:00+00:00")
    keys = [(t, x, n, s) for t in tasks for x in LEARNERS for n in SIZES for s in range(SEEDS)]
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        store.begin(about, {task: (task, CARD) for task in tasks})
        started = time.process_time()
        for key in keys:
            store.add(made_up(*key, rng), key[0], 1.0)
        kept = time.process_time() - started
        print(f"{len(keys):,} trials kept: {1e3 * kept / len(keys):.1f} ms each")
        print(f"store: {(Path(folder) / FILE).stat().st_size / 1e6:.0f} MB")
        started = time.process_time()
        record = store.record()
        print(f"read: {time.process_time() - started:.1f} s")
        started = time.process_time()
        summary = summarise(record)
        print(f"summarised: {time.process_time() - started:.1f} s")
        print(f"summary.json: {len(json.dumps(as_json(summary))) / 1e6:.1f} MB")
        started = time.process_time()
        page = render_report(summary)
        print(f"report of {len(tasks)} tasks: {time.process_time() - started:.1f} s")
        print(f"report.html: {len(page.encode()) / 1e6:.1f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=100_000)
    main(parser.parse_args().trials)
