"""The cost of a fit, in units that do not depend on the machine."""

from dataclasses import dataclass, fields

__all__ = ["Cost", "check_count"]


@dataclass(frozen=True)
class Cost:
    """The work done by a learner; the trial measures the seconds around it.

    Raises
    ------
    ValueError
        If a count is negative, or has more than 63 bits.

    Attributes
    ----------
    candidates : int
        Programs whose outputs were computed and compared.
    gradient_steps : int
        Optimizer updates.
    tuning_trials : int
        Further fits made only to choose a setting.
    """

    candidates: int = 0
    gradient_steps: int = 0
    tuning_trials: int = 0

    def __post_init__(self) -> None:
        for each in fields(self):
            check_count(each.name, getattr(self, each.name))


def check_count(name: str, count: int) -> None:
    """Raise an error unless a number can be a count of at most 63 bits.

    Raises
    ------
    ValueError
        If it cannot; the message names the count.
    """
    if not 0 <= count < 2**63:
        raise ValueError(f"{name} must be a count of at most 63 bits, not {count}")
