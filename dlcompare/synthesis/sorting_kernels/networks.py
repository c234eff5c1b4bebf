"""The smallest comparator networks, with the proof that no smaller one exists.

A network is a sequence of comparators ``(i, j)`` with i < j, each of which moves the smaller value
of two channels to i. A network that sorts all 0-1 inputs sorts everything (Knuth, 1973), so the set
of 0-1 vectors that it can output characterizes a prefix. The algorithm is generate and prune
(Codish, Cruz-Filipe, Frank, Schneider-Kamp, 2014): every comparator extends every prefix of k
comparators, and a prefix is pruned if its outputs include those of another prefix, up to a
permutation of the channels, since any completion of the former completes the latter. The search is
complete, so the first size at which a prefix sorts is the smallest.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlcompare.tasks.errors import InputError

__all__ = ["Network", "outputs", "smallest_network", "sorts"]

Comparator = tuple[int, int]
Outputs = npt.NDArray[np.bool_]
"""For each 0-1 vector, as a binary number with channel 0 lowest: whether it can be an output."""

LARGEST = 6


@dataclass(frozen=True)
class Network:
    """A sorting network, and the extent of the search of smaller sizes.

    Attributes
    ----------
    channels : int
        The number of values that it sorts.
    comparators : tuple of (int, int)
        The comparators in order; the smaller value goes to the first channel.
    exhausted : int
        No network of at most this many comparators sorts: the search covered all of them, up to
        symmetry.
    prefixes : tuple of int
        The number of prefixes of each size after pruning.
    """

    channels: int
    comparators: tuple[Comparator, ...]
    exhausted: int
    prefixes: tuple[int, ...]

    @property
    def minimal(self) -> bool:
        """Return whether the search exhausted every smaller size."""
        return self.exhausted >= len(self.comparators) - 1


def _all_vectors(channels: int) -> Outputs:
    return np.ones(2**channels, dtype=np.bool_)


def _after(reached: Outputs, comparator: Comparator) -> Outputs:
    i, j = comparator
    vectors = np.arange(reached.size)
    swap = ((vectors >> i) & 1 == 1) & ((vectors >> j) & 1 == 0)
    moved = np.where(swap, vectors ^ (1 << i) ^ (1 << j), vectors)
    result = np.zeros_like(reached)
    result[moved[reached]] = True
    return result


def outputs(channels: int, comparators: tuple[Comparator, ...]) -> Outputs:
    """Return the 0-1 vectors that a network can output."""
    reached = _all_vectors(channels)
    for comparator in comparators:
        reached = _after(reached, comparator)
    return reached


def sorts(channels: int, comparators: tuple[Comparator, ...]) -> bool:
    """Return whether a network sorts every input, by the 0-1 principle.

    Examples
    --------
    >>> sorts(3, ((0, 1), (1, 2), (0, 1)))
    True
    >>> sorts(3, ((0, 1), (1, 2)))
    False
    """
    reached = outputs(channels, comparators)
    full = 2**channels - 1
    ascending = {full ^ (2**zeros - 1) for zeros in range(channels + 1)}
    return set(np.flatnonzero(reached).tolist()) <= ascending


class _Subsumption:
    """A test for one set of outputs within another, up to a permutation of channels."""

    def __init__(self, channels: int) -> None:
        vectors = np.arange(2**channels)
        self.weights = np.array([int(v).bit_count() for v in vectors])
        images = []
        for order in itertools.permutations(range(channels)):
            image = np.zeros_like(vectors)
            for source, target in enumerate(order):
                image |= ((vectors >> source) & 1) << target
            images.append(image)
        self.images = np.array(images)  # (permutations, vectors): where each vector goes
        self.channels = channels

    def profile(self, reached: Outputs) -> npt.NDArray[np.int64]:
        """Return the number of outputs of each weight: a cheap filter, as permutations keep it."""
        return np.bincount(self.weights[reached], minlength=self.channels + 1)

    def within(self, small: Outputs, large: Outputs) -> bool:
        moved = self.images[:, small]  # (permutations, outputs)
        return bool(large[moved].all(axis=1).any())


def smallest_network(channels: int) -> Network:
    """Return the smallest sorting network.

    Parameters
    ----------
    channels : int
        From 1 to 6; larger numbers need another program (9 channels took weeks).

    Raises
    ------
    InputError
        If the number of channels is not in that range.

    Examples
    --------
    >>> network = smallest_network(4)
    >>> len(network.comparators), network.exhausted, network.minimal
    (5, 4, True)
    """
    if not 1 <= channels <= LARGEST:
        raise InputError(f"channels={channels!r} must be from 1 to {LARGEST}")
    subsumption = _Subsumption(channels)
    pairs = tuple(itertools.combinations(range(channels), 2))
    level: list[tuple[tuple[Comparator, ...], Outputs]] = [((), _all_vectors(channels))]
    prefixes = [1]
    for size in itertools.count():
        for comparators, reached in level:
            if int(reached.sum()) == channels + 1:
                return Network(channels, comparators, size - 1, tuple(prefixes))
        level = _pruned(level, pairs, subsumption)
        prefixes.append(len(level))
    raise AssertionError("unreachable: some network sorts")


def _pruned(
    level: list[tuple[tuple[Comparator, ...], Outputs]],
    pairs: tuple[Comparator, ...],
    subsumption: _Subsumption,
) -> list[tuple[tuple[Comparator, ...], Outputs]]:
    """Return the extensions by one comparator, except those that another one subsumes."""
    distinct: dict[bytes, tuple[tuple[Comparator, ...], Outputs]] = {}
    for comparators, reached in level:
        for pair in pairs:
            extended = _after(reached, pair)
            if not np.array_equal(extended, reached):
                distinct.setdefault(extended.tobytes(), ((*comparators, pair), extended))
    kept: list[tuple[tuple[Comparator, ...], Outputs]] = []
    profiles: list[npt.NDArray[np.int64]] = []
    # Only a set that is not larger can subsume, so in this order no kept prefix is pruned later.
    for comparators, reached in sorted(distinct.values(), key=lambda entry: int(entry[1].sum())):
        profile = subsumption.profile(reached)
        if not any(
            (other <= profile).all() and subsumption.within(better, reached)
            for (_, better), other in zip(kept, profiles, strict=True)
        ):
            kept.append((comparators, reached))
            profiles.append(profile)
    return kept
