"""Make tidy tables of a run: one row for each trial, or for each trial and test set.

Rows are plain values. Data frames and Parquet need the extra ``frames``; CSV needs nothing.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dlcompare.compare.trials.metrics import Score
from dlcompare.compare.trials.trial import Trial
from dlcompare.tasks.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_csv", "as_frame", "as_parquet", "score_rows", "trial_rows"]

_SCORES = ("count", "exact_match", "token_accuracy", "first_error")


def trial_rows(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Return one row for each trial: its key, status, score inside, and cost."""
    return [
        {
            **_key(trial),
            "status": trial.status,
            "reason": trial.reason,
            **_score(trial.inside),
            **asdict(trial.spent),
            "program": trial.program["python"] if trial.program else None,
        }
        for trial in trials
    ]


def score_rows(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Return one row for each trial and test set; a failed trial has one, with exact match 0.

    ``axis`` is ``inside`` for the test inside the training range. ``level`` is a text,
    ``level_number`` a number, if the level is one.
    """
    return [row for trial in trials for row in _test_sets(trial)]


def _test_sets(trial: Trial) -> Iterator[dict[str, Any]]:
    start = {**_key(trial), "status": trial.status}
    inside = _score(trial.inside) if trial.inside else {**_score(None), "exact_match": 0.0}
    if trial.status == "skipped":  # no learner could have had the examples
        inside = _score(None)
    yield {**start, "axis": "inside", "level": None, "level_number": None, **inside}
    for its in trial.levels:
        number = None if isinstance(its.level, str) else float(its.level)
        place = {"axis": its.axis, "level": str(its.level), "level_number": number}
        yield {**start, **place, **_score(its.score)}


def _key(trial: Trial) -> dict[str, Any]:
    return {"task": trial.task, "learner": trial.learner, "n": trial.n, "seed": trial.seed}


def _score(score: Score | None) -> dict[str, Any]:
    return {name: getattr(score, name) if score else None for name in _SCORES}


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as CSV with a header; unknown values are empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_frame(rows: Sequence[dict[str, Any]]) -> "pd.DataFrame":
    """Return rows as a data frame.

    Raises
    ------
    InputError
        If pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise _missing("pandas") from error
    return pd.DataFrame(list(rows))


def as_parquet(rows: Sequence[dict[str, Any]]) -> bytes:
    """Return rows as a Parquet file.

    Raises
    ------
    InputError
        If pandas or pyarrow is not installed.
    """
    frame = as_frame(rows)
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise _missing("pyarrow") from error
    file = io.BytesIO()
    frame.to_parquet(file, engine="pyarrow", index=False)
    return file.getvalue()


def _missing(library: str) -> InputError:
    return InputError(
        f"data frames need {library}; install it with: pip install 'dlcompare[frames]'"
    )
