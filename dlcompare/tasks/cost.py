"""The cost of a fit, in units that do not depend on the machine."""

from dataclasses import dataclass

__all__ = ["Cost"]


@dataclass(frozen=True)
class Cost:
    """Work done by a learner; seconds are measured around it, by the trial.

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
