"""How far sorting programs are proved, and how fast: for bounded lengths, and for every length.

    python -m benchmarks.proofs [--longest N] [--json]

CPU seconds on one core; a length stands for all shorter ones, too. The last line with ``--json``
holds ``{"insertion": {"bounded": {"1": .., ..}, "induction": ..}, ..}``.
"""

import argparse
import json
import time

from dlcompare.synthesis.smt.verify import verify
from dlcompare.tasks.catalog.sorting import sorting

PARTITION = """def sorting(xs):
    acc = xs
    for x in xs:
        acc = [y for y in acc if y < x] + [y for y in acc if x <= y]
    return acc
"""
PROGRAMS = {
    "insertion": PARTITION.replace("acc = xs", "acc = []").replace("+ [y", "+ [x] + [y"),
    "stable partition": PARTITION,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--longest", type=int, default=7, help="up to which length")
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    options = parser.parse_args()
    result: dict[str, dict[str, object]] = {}
    for name, source in PROGRAMS.items():
        print(f"{name}\n{source}")
        bounded: dict[int, float] = {}
        for length in range(2, options.longest + 1):
            started = time.process_time()
            proof = verify(
                source, sorting.signature, sorting.ensures, None, 600, length, by_induction=False
            )
            bounded[length] = round(time.process_time() - started, 2)
            print(f"  up to length {length}: {proof.status}, {bounded[length]:.2f} s", flush=True)
        started = time.process_time()
        proof = verify(source, sorting.signature, sorting.ensures)
        induction = round(time.process_time() - started, 2)
        print(f"  for every length: {proof.status} by {proof.method}, {induction:.2f} s")
        print(f"    {proof.reason}\n")
        result[name] = {"bounded": bounded, "induction": induction}
    if options.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
