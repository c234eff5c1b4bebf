"""Time proofs of programs: up to bounded lengths, and for every length.

    python -m benchmarks.proofs [--longest N] [--json]

CPU seconds on one core; a length stands for all shorter ones, too. Sorting is proved for every
length as well, by induction; the others are programs over texts. The last line with ``--json``
holds ``{"insertion": {"bounded": {"2": .., ..}, "induction": ..}, ..}``, seconds by length.
"""

import argparse
import json
import time

from dlcompare.synthesis.proofs.verify import verify
from dlcompare.tasks.registry import catalogue

PARTITION = """def sorting(xs):
    acc = xs
    for x in xs:
        acc = [y for y in acc if y < x] + [y for y in acc if x <= y]
    return acc
"""
PROGRAMS = {
    "insertion": (
        "sorting",
        PARTITION.replace("acc = xs", "acc = []").replace("+ [y", "+ [x] + [y"),
    ),
    "stable partition": ("sorting", PARTITION),
    "initials": (
        "initials",
        "def initials(text):\n    return ''.join(word[0] + '.' for word in text.split())\n",
    ),
    "reverse_words": (
        "reverse_words",
        "def reverse_words(text):\n    return ' '.join(text.split()[::-1])\n",
    ),
    "extract_between": (
        "extract_between",
        "def extract_between(text):\n    return text.partition('[')[2].partition(']')[0]\n",
    ),
    "caesar_cipher": (
        "caesar_cipher",
        "def caesar_cipher(k, text):\n"
        "    return ''.join(chr((ord(c) - 97 + k) % 26 + 97) for c in text)\n",
    ),
    "longest_word": (
        "longest_word",
        "def longest_word(text):\n    return max(text.split(), key=len)\n",
    ),
}
"""For each, its task and its source."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--longest", type=int, default=7, help="up to which length")
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    options = parser.parse_args()
    result: dict[str, dict[str, object]] = {}
    tasks = catalogue()
    for name, (task_name, source) in PROGRAMS.items():
        task = tasks[task_name]
        print(f"{name}\n{source}")
        bounded: dict[int, float] = {}
        for length in range(2, options.longest + 1):
            started = time.process_time()
            proof = verify(
                source,
                task.signature,
                task.ensures,
                task.function,
                seconds=600,
                longest=length,
                by_induction=False,
            )
            bounded[length] = round(time.process_time() - started, 2)
            print(f"  up to length {length}: {proof.status}, {bounded[length]:.2f} s", flush=True)
        result[name] = {"bounded": bounded}
        if task_name == "sorting":
            started = time.process_time()
            proof = verify(source, task.signature, task.ensures)
            induction = round(time.process_time() - started, 2)
            print(f"  for every length: {proof.status} by {proof.method}, {induction:.2f} s")
            print(f"    {proof.reason}")
            result[name]["induction"] = induction
        print()
    if options.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
