"""Estimate how long a run will still take, from the trials that it has made."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from dlcompare.compare.trials.protocol import Planned
from dlcompare.compare.trials.trial import Trial

__all__ = ["Remaining"]


class Remaining:
    """An estimate of the time left.

    A missing trial takes as long as those that its learner has made at the nearest number of
    examples or, before there is one, as long as those of the same learner under other options.
    Counting trials would mislead: a run makes the cheap ones first.

    Parameters
    ----------
    missing : sequence of Planned
        The trials to make.
    at_a_time : int
        The number of trials made at a time.

    Examples
    --------
    >>> ahead = [Planned("sorting", "synthesis", n, 0, False, True) for n in (4, 16, 64)]
    >>> print(Remaining(ahead, 1).words())
    <BLANKLINE>
    """

    def __init__(self, missing: Sequence[Planned], at_a_time: int) -> None:
        self._ahead = Counter((each.learner, each.n) for each in missing if each.supplied)
        self._at_a_time = at_a_time
        self._spent: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))

    def finish(self, trial: Trial) -> None:
        """Count a finished trial."""
        if trial.status == "skipped":
            return
        self._ahead[trial.learner, trial.n] -= 1
        self._spent[trial.learner][trial.n].append(trial.spent.wall_seconds)

    def seconds(self) -> tuple[float, bool]:
        """Return the seconds left, and whether they cover every learner, not only those timed."""
        total, whole = 0.0, True
        for (learner, n), count in self._ahead.items():
            if count <= 0:
                continue
            each = self._expected(learner, n)
            if each is None:
                whole = False
            else:
                total += count * each
        return total / self._at_a_time, whole

    def words(self) -> str:
        """Return the same in words; empty if nothing is known."""
        seconds, whole = self.seconds()
        if not seconds:
            return ""
        minutes = math.ceil(seconds / 60)
        if seconds < 60:
            time = f"{max(5, 5 * math.ceil(seconds / 5))} s"
        else:
            time = f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
        return f"{'about' if whole else 'more than'} {time} left"

    def _expected(self, learner: str, n: int) -> float | None:
        known = self._spent.get(learner)
        if not known:
            family = learner.partition(":")[0]
            relatives = [
                its for name, its in self._spent.items() if name.partition(":")[0] == family
            ]
            if not relatives:
                return None
            known = max(relatives, key=len)
        nearest = min(known, key=lambda other: abs(math.log(other / n)))
        return sum(known[nearest]) / len(known[nearest])
