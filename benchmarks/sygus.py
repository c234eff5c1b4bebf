"""Every SyGuS file of a folder: solved by us, by cvc5, or by both; every answer proved by z3.

    python -m benchmarks.sygus DIR [--timeout SECONDS] [--peer cvc5] [--json]

Each solver has one process, one core and the same time for each file (wall seconds, the start of
the process included for neither). cvc5 is given ``sygus-si=all`` for linear integers without a
grammar, its technique for such problems (with a grammar it solves fewer so). An answer of either
counts as solved only if z3 proves it right; an answer that z3 refutes is named and counted as
wrong. Sizes are nodes of the terms. Files that our reader does not support are named, and run with
neither. The last line with ``--json`` holds the counts.
"""

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from dlcompare.synthesis.sygus.outcome import SygusAnswer
from dlcompare.synthesis.sygus.reader import read, read_definitions
from dlcompare.synthesis.sygus.solve import solve
from dlcompare.synthesis.sygus.syntax import BOOL, INT, SygusProblem
from dlcompare.synthesis.sygus.verification import UndecidedError, find_counterexample
from dlcompare.tasks.errors import InputError

GRACE = 3.0
"""Seconds after the limit before a process is ended."""

PROOF = 20.0
"""Seconds that z3 has to check an answer; it does not count as solving time."""


class Result(NamedTuple):
    """The result of one solver on one file."""

    status: str
    seconds: float
    size: int
    reason: str


def ours(text: str, seconds: float, send: Connection) -> None:
    start = time.perf_counter()
    answer: SygusAnswer = solve(read(text), seconds)
    send.send((answer.status, answer.definitions, time.perf_counter() - start, answer.reason))


def good_options(problem: SygusProblem) -> dict[str, str]:
    sorts = {part.sort for term in problem.constraints for part in term.subterms()}
    free = all(function.grammar is None for function in problem.functions)
    return {"sygus-si": "all"} if free and sorts <= {INT, BOOL} else {}


def cvc5(text: str, seconds: float, send: Connection) -> None:
    import cvc5 as peer

    problem = read(text)
    solver = peer.Solver()
    options = {"sygus": "true", "lang": "sygus2", "tlimit": str(int(seconds * 1000))}
    for name, value in (options | good_options(problem)).items():
        if name != "lang":
            solver.setOption(name, value)
    parser = peer.InputParser(solver)
    parser.setStringInput(peer.InputLanguage.SYGUS_2_1, text, "problem")
    start = time.perf_counter()
    printed = []
    while not (command := parser.nextCommand()).isNull():
        printed.append(str(command.invoke(solver, parser.getSymbolManager())).strip())
    took = time.perf_counter() - start
    said = "\n".join(line for line in printed if line)
    if "(define-fun" in said:
        send.send(("solved", read_definitions(said, problem), took, ""))
    elif said.startswith("infeasible"):
        send.send(("infeasible", (), took, said))
    else:
        send.send(("unknown", (), took, said.splitlines()[0] if said else "no answer"))


def attempt(
    solver: Callable[[str, float, Connection], None],
    text: str,
    seconds: float,
    problem: SygusProblem,
) -> Result:
    """Run a solver in a process of its own, and check what it says."""
    context = multiprocessing.get_context("fork")
    receive, send = context.Pipe(duplex=False)
    process = context.Process(target=_guarded, args=(solver, text, seconds, send))
    process.start()
    send.close()
    said: tuple[str, Any, float, str] = ("unknown", (), seconds, f"no answer in {seconds:g} s")
    try:
        if receive.poll(seconds + GRACE):
            said = receive.recv()
    except EOFError:
        said = ("unknown", (), seconds, f"no answer in {seconds:g} s")
    process.kill()
    process.join()
    status, definitions, took, reason = said
    if status == "solved":
        try:
            failing = find_counterexample(problem, definitions, time.monotonic() + PROOF)
        except UndecidedError as error:
            return Result("unproved", took, 0, f"z3 does not decide the answer: {error}")
        if failing is not None:
            return Result("wrong", took, 0, f"fails at {failing}")
    size = sum(definition.body.size for definition in definitions)
    return Result(status, took, size, reason)


def _guarded(
    solver: Callable[[str, float, Connection], None], text: str, seconds: float, send: Connection
) -> None:
    try:
        solver(text, seconds, send)
    except Exception as error:  # whatever a peer does, it is one file's outcome
        send.send(("unknown", (), seconds, f"{type(error).__name__}: {error}".splitlines()[0]))


def shown(result: Result) -> str:
    size = str(result.size) if result.status == "solved" else ""
    return f"{result.status:10} {result.seconds:7.2f} {size:>5}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds a file")
    parser.add_argument("--peer", choices=["cvc5"], help="run this solver on every file, too")
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    options = parser.parse_args()
    files = sorted([*options.folder.glob("*.sl"), *options.folder.glob("*.sy")])
    if not files:
        sys.exit(f"there are no .sy or .sl files in {options.folder}")
    if options.peer:
        try:
            import cvc5 as _peer  # noqa: F401
        except ImportError:
            sys.exit("cvc5 is not installed: pip install 'dlcompare[peers]'")
    counts = dict.fromkeys(("ours", "peer", "both", "wrong", "unsupported", "infeasible"), 0)
    unsupported = []
    print(f"{'file':44} {'ours':10} {'s':>7} {'size':>5}  {options.peer or '':10}")
    for file in files:
        text = file.read_text(encoding="utf-8")
        try:
            problem = read(text)
        except InputError as error:
            unsupported.append(f"{file.name}: {error}")
            continue
        results = [attempt(ours, text, options.timeout, problem)]
        if options.peer:
            results.append(attempt(cvc5, text, options.timeout, problem))
        solved = [result.status == "solved" for result in results]
        counts["ours"] += solved[0]
        counts["infeasible"] += results[0].status == "infeasible"
        counts["peer"] += len(solved) > 1 and solved[1]
        counts["both"] += len(solved) > 1 and all(solved)
        counts["wrong"] += results[0].status == "wrong"
        reasons = [each.reason for each in results if each.status != "solved" and each.reason]
        said = "".join(f"  {reason[:70]}" for reason in reasons)
        print(f"{file.name[:44]:44} {'  '.join(map(shown, results))}{said}", flush=True)
    counts["unsupported"] = len(unsupported)
    for line in unsupported:
        print(f"unsupported  {line}")
    print(", ".join(f"{name} {count}" for name, count in ({"files": len(files)} | counts).items()))
    if options.json:
        print(json.dumps({"files": len(files), **counts}))


if __name__ == "__main__":
    main()
