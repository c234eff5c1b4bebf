"""An axis: one named knob of the input distribution, the settings trained on, the levels tested."""

from dataclasses import dataclass

__all__ = ["Axis", "Level"]

Level = int | float | str
"""One value of an axis."""


@dataclass(frozen=True)
class Axis:
    """One named knob of the input distribution.

    Attributes
    ----------
    name : str
        ``knob``, which turns the knob of every argument that has it, or ``argument.knob``.
    train : tuple
        The values trained on; empty if training keeps the sampler's default.
    test : tuple
        The levels tested, each alone, in ascending order.
    """

    name: str
    train: tuple[Level, ...]
    test: tuple[Level, ...]

    @property
    def ordered(self) -> bool:
        """True if the levels are numbers, so that there is a horizon."""
        return not any(isinstance(level, str) for level in self.test)
