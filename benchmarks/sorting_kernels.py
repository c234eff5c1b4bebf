"""Smallest sorting networks and kernels: found how fast, how far proved minimal, how fast they run.

    python -m benchmarks.sorting_kernels [--json] [--prove] [--print]

The same listing as ``dlcompare sorting-kernels``; `synthesis.sorting_kernels.tables` says what
is measured.
"""

import argparse
import json

from dlcompare.synthesis.sorting_kernels.tables import as_json, as_text, listing


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    parser.add_argument("--prove", action="store_true", help="exhaust shorter kernels of 4, too")
    parser.add_argument("--print", action="store_true", help="print the kernels")
    options = parser.parse_args()
    found = listing(options.prove)
    for line in as_text(*found, code=options.print):
        print(line)
    if options.json:
        print(json.dumps(as_json(*found)))


if __name__ == "__main__":
    main()
