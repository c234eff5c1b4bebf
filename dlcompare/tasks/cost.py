"""The cost of a fit, in units that do not depend on the machine."""

from dataclasses import dataclass, fields

__all__ = ["Cost", "check_count"]


@dataclass(frozen=True)
class Cost:
    """Work done by a learner; seconds are measured around it, by the trial.

    Raises
    ------
    ValueError
        If one of them is negative, or has more than 63 bits.

    Attributes
    ----------
    candidates : int
        Programs whose outputs were computed and compared.
    gradient_steps : int
        Optimizer updates.
    tuning_trials : int
        Further fits that were made only to choose a setting.
    """

    candidates: int = 0
    gradient_steps: int = 0
    tuning_trials: int = 0

    def __post_init__(self) -> None:
        for each in fields(self):
            check_count(each.name, getattr(self, each.name))


def check_count(name: str, count: int) -> None:
    """Raise a sentence unless a number can be a count, of 63 bits at most.

    Raises
    ------
    ValueError
        Naming it.
    """
    if not 0 <= count < 2**63:
        raise ValueError(f"{name} must be a count of at most 63 bits, not {count}")
