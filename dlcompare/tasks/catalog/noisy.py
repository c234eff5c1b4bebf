"""Tasks whose training examples are partly mislabelled: some inputs come with the output of others.

Three tasks at three rates, so that rates can be compared on one task and tasks at one rate. Tests
are clean. Noise-free symbols favour exact search; these do not.
"""

from dataclasses import replace
from fractions import Fraction

from dlcompare.tasks.catalog import arithmetic, lists, sorting
from dlcompare.tasks.task import Task


def noisy(clean: Task, share: Fraction) -> Task:
    """Return the task with this share of its training examples mislabelled."""
    rate = f"{share.numerator}_in_{share.denominator}"
    name = f"noisy_{clean.name}_{rate}"
    description = clean.description.replace(f"{clean.name}(", f"{name}(")
    note = f"On average {rate.replace('_', ' ')} training examples has the output of another input."
    return replace(
        clean,
        signature=replace(clean.signature, name=name),
        description=f"{description}\n\n{note}",
        noise=float(share),
        home=__name__,
    )


RARE, SOME, MANY = Fraction(1, 1000), Fraction(1, 100), Fraction(1, 20)

noisy_sorting_rare = noisy(sorting.sorting, RARE)
noisy_sorting_some = noisy(sorting.sorting, SOME)
noisy_sorting_many = noisy(sorting.sorting, MANY)
noisy_reverse_rare = noisy(lists.reverse, RARE)
noisy_reverse_some = noisy(lists.reverse, SOME)
noisy_reverse_many = noisy(lists.reverse, MANY)
noisy_addition_rare = noisy(arithmetic.addition, RARE)
noisy_addition_some = noisy(arithmetic.addition, SOME)
noisy_addition_many = noisy(arithmetic.addition, MANY)
