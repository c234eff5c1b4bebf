"""Smallest sorting networks and kernels: found how fast, how far proved minimal, how fast they run.

    python -m benchmarks.sorting_kernels [--json] [--prove] [--print]

Search times are CPU seconds on one core, warm (compiled code loaded), tables of the machine built
anew. Published, for kernels of 3 and 4 values: 97 ms and 2.4 s (Ullrich and Hack, 2025: enumeration
in Rust on many cores), 6 min and 30 min (Mankowitz et al., 2023: AlphaDev, reinforcement learning).
"""

import argparse
import json
import time

from dlcompare.synthesis.smt import kernels
from dlcompare.synthesis.smt.kernel_code import assembly, c_source, nanoseconds, why_not_timed
from dlcompare.synthesis.smt.networks import LARGEST, smallest_network

PUBLISHED = {3: ("97 ms", "6 min"), 4: ("2.4 s", "30 min")}


def networks() -> list[dict[str, object]]:
    """Every smallest network, with the time its proof of minimality took."""
    rows: list[dict[str, object]] = []
    print("comparator networks\n  n  size  no smaller one up to  prefixes kept  seconds")
    for channels in range(2, LARGEST + 1):
        start = time.process_time()
        network = smallest_network(channels)
        seconds = time.process_time() - start
        size, kept = len(network.comparators), sum(network.prefixes)
        print(f"  {channels}  {size:4}  {network.exhausted:20}  {kept:13}  {seconds:7.3f}")
        rows.append({"n": channels, "size": size, "minimal": network.minimal, "seconds": seconds})
    return rows


def found(values: int, prove: bool) -> tuple[kernels.Kernel, float]:
    """A kernel, and the CPU seconds that it took."""
    kernels.forget_machines()
    start = time.process_time()
    kernel = kernels.smallest_kernel(values, prove=prove)
    return kernel, time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    parser.add_argument("--prove", action="store_true", help="exhaust shorter kernels of 4, too")
    parser.add_argument("--print", action="store_true", help="print the kernels")
    options = parser.parse_args()
    network_rows = networks()
    kernels.smallest_kernel(2)  # loads the compiled search
    print("\nsorting kernels of mov, cmp, cmovl, cmovg and one scratch register")
    print("  n  length  none shorter up to  all {0..n}ⁿ  seconds  Ullrich & Hack  AlphaDev")
    kernel_rows = []
    shown = []
    for values, (enumeration, learned) in PUBLISHED.items():
        kernel, seconds = found(values, prove=False)
        proved, _ = found(values, prove=values == 3 or options.prove)
        checked = kernels.sorts_all(kernel)
        length = len(kernel.instructions)
        print(
            f"  {values}  {length:6}  {proved.exhausted:18}  {'sorted' if checked else 'WRONG':>10}"
            f"  {seconds:7.3f}  {enumeration:>14}  {learned:>8}"
        )
        shown.append(kernel)
        kernel_rows.append(
            {
                "n": values,
                "length": length,
                "exhausted": proved.exhausted,
                "sorts": checked,
                "seconds": seconds,
            }
        )
    reason = why_not_timed()
    print("\nnanoseconds a call" if reason is None else f"\nnot timed: {reason}")
    for row, kernel in zip(kernel_rows, shown, strict=True):
        if reason is None:
            contenders = {
                "kernel": kernel,
                "network as a kernel": kernels.network_kernel(kernel.values),
            }
            row["nanoseconds"] = times = nanoseconds(kernel.values, contenders)
            listed = ", ".join(f"{name} {time_:.2f}" for name, time_ in times.items())
            print(f"  n = {kernel.values}: {listed}")
    if options.print:
        for kernel in shown:
            print(f"\n{assembly(kernel)}\n\n{c_source(kernel)}")
    if options.json:
        print(json.dumps({"networks": network_rows, "kernels": kernel_rows}))


if __name__ == "__main__":
    main()
