"""Tables of the smallest sorting networks and kernels, with proofs and timings.

Search times are CPU seconds on one core with compiled code loaded, including the construction of
the machine's tables. Published times for kernels of 3 and 4 values: 97 ms and 2.4 s (Ullrich and
Hack, 2025: enumeration in Rust on many cores), 6 min and 30 min (Mankowitz et al., 2023: AlphaDev,
reinforcement learning).
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dlcompare.synthesis.sorting_kernels import straight_line
from dlcompare.synthesis.sorting_kernels.assembly import (
    assembly,
    c_source,
    nanoseconds,
    why_not_timed,
)
from dlcompare.synthesis.sorting_kernels.networks import LARGEST, Network, smallest_network

__all__ = ["PUBLISHED", "ListedKernel", "ListedNetwork", "as_json", "as_text", "listing"]

PUBLISHED = {3: ("97 ms", "6 min"), 4: ("2.4 s", "30 min")}


@dataclass(frozen=True)
class ListedNetwork:
    """A smallest network, and the CPU seconds of the search and the proof."""

    network: Network
    seconds: float


@dataclass(frozen=True)
class ListedKernel:
    """A kernel in a table, with its search time, checks and running times.

    Attributes
    ----------
    kernel : Kernel
    seconds : float
        CPU time of the search.
    exhausted : int
        No kernel of at most this many instructions sorts.
    sorts : bool
        Whether it sorts every input in {0..n}ⁿ.
    nanoseconds : mapping of str to float
        CPU time per call, also of a network in the same form and a naive one in C; empty if timing
        is impossible.
    """

    kernel: straight_line.Kernel
    seconds: float
    exhausted: int
    sorts: bool
    nanoseconds: Mapping[str, float]


def listing(prove: bool = False) -> tuple[list[ListedNetwork], list[ListedKernel]]:
    """Find and check all networks of up to six channels, and the kernels of three and four values.

    Parameters
    ----------
    prove : bool
        Whether to exhaust the shorter kernels of four values too, which takes long.
    """
    networks = []
    for channels in range(2, LARGEST + 1):
        start = time.process_time()
        network = smallest_network(channels)
        networks.append(ListedNetwork(network, time.process_time() - start))
    straight_line.smallest_kernel(2)  # loads the compiled search
    return networks, [_listed(values, prove) for values in PUBLISHED]


def _listed(values: int, prove: bool) -> ListedKernel:
    straight_line.forget_machines()
    start = time.process_time()
    kernel = straight_line.smallest_kernel(values)
    seconds = time.process_time() - start
    exhausted = straight_line.smallest_kernel(values, prove=values == 3 or prove).exhausted
    times: Mapping[str, float] = {}
    if why_not_timed() is None:
        contenders = {"kernel": kernel, "network as a kernel": straight_line.network_kernel(values)}
        times = nanoseconds(values, contenders)
    return ListedKernel(kernel, seconds, exhausted, straight_line.sorts_all(kernel), times)


def as_json(networks: list[ListedNetwork], found: list[ListedKernel]) -> dict[str, object]:
    """Return the listing as JSON values."""
    return {
        "networks": [
            {
                "n": each.network.channels,
                "size": len(each.network.comparators),
                "minimal": each.network.minimal,
                "seconds": each.seconds,
            }
            for each in networks
        ],
        "kernels": [
            {
                "n": each.kernel.values,
                "length": len(each.kernel.instructions),
                "exhausted": each.exhausted,
                "sorts": each.sorts,
                "seconds": each.seconds,
                "nanoseconds": dict(each.nanoseconds),
            }
            for each in found
        ],
    }


def as_text(
    networks: list[ListedNetwork], found: list[ListedKernel], code: bool = True
) -> Iterator[str]:
    """Yield the lines of the listing for readers."""
    yield "comparator networks"
    yield "  n  size  no smaller one up to  prefixes kept  seconds  comparators"
    for each in networks:
        network = each.network
        pairs = " ".join(f"{i}-{j}" for i, j in network.comparators)
        yield (
            f"  {network.channels}  {len(network.comparators):4}  {network.exhausted:20}  "
            f"{sum(network.prefixes):13}  {each.seconds:7.3f}  {pairs}"
        )
    yield ""
    yield "sorting kernels of mov, cmp, cmovl, cmovg and one scratch register"
    yield "  n  length  none shorter up to  all {0..n}ⁿ  seconds  Ullrich & Hack  AlphaDev"
    for one in found:
        enumeration, learned = PUBLISHED[one.kernel.values]
        yield (
            f"  {one.kernel.values}  {len(one.kernel.instructions):6}  {one.exhausted:18}  "
            f"{'sorted' if one.sorts else 'WRONG':>10}  {one.seconds:7.3f}  {enumeration:>14}  "
            f"{learned:>8}"
        )
    yield ""
    reason = why_not_timed()
    yield "nanoseconds a call" if reason is None else f"not timed: {reason}"
    for one in found:
        if one.nanoseconds:
            times = ", ".join(f"{name} {time_:.2f}" for name, time_ in one.nanoseconds.items())
            yield f"  n = {one.kernel.values}: {times}"
    for one in found if code else []:
        yield f"\n{assembly(one.kernel)}\n\n{c_source(one.kernel)}"
