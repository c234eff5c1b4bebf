"""Smallest comparator networks sort everything, and nothing in them can be left out."""

import itertools

import pytest

from dlcompare.synthesis.sorting_kernels.networks import Network, smallest_network, sorts
from dlcompare.tasks.errors import InputError

KNOWN_SIZES = {1: 0, 2: 1, 3: 3, 4: 5, 5: 9, 6: 12}  # Knuth, 1973, table of optimal networks


@pytest.fixture(params=sorted(KNOWN_SIZES))
def network(request: pytest.FixtureRequest) -> Network:
    return smallest_network(request.param)


def run(network: Network, values: list[int]) -> list[int]:
    for i, j in network.comparators:
        if values[i] > values[j]:
            values[i], values[j] = values[j], values[i]
    return values


def test_sizes_are_the_known_optima_and_proved(network: Network) -> None:
    assert len(network.comparators) == KNOWN_SIZES[network.channels]
    assert network.minimal


def test_a_network_sorts_all_zero_one_vectors(network: Network) -> None:
    assert sorts(network.channels, network.comparators)
    for vector in itertools.product((0, 1), repeat=network.channels):
        assert run(network, list(vector)) == sorted(vector)


def test_no_comparator_can_be_left_out(network: Network) -> None:
    for k in range(len(network.comparators)):
        shorter = network.comparators[:k] + network.comparators[k + 1 :]
        assert not sorts(network.channels, shorter)


def test_the_number_of_prefixes_is_the_published_one() -> None:
    """|R_k| of Codish et al., 2014, does not depend on which representatives are kept."""
    assert smallest_network(5).prefixes == (1, 1, 3, 6, 11, 10, 7, 6, 4, 1)


@pytest.mark.parametrize("channels", [0, 7])
def test_a_size_out_of_range_is_a_sentence(channels: int) -> None:
    with pytest.raises(InputError, match=f"channels={channels} must be from 1 to 6"):
        smallest_network(channels)
