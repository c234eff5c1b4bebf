"""Learners that hang, die, hoard memory or raise: what a run must survive."""

# The contract names arguments that who misbehaves has no use for.
# ruff: noqa: ARG001, ARG002, ARG005

import ctypes
import mmap
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import DivergedError, FitError, NoProgramError
from dlcompare.tasks.problem import Budget, Inputs, Predictor, Problem
from dlcompare.tasks.progress import FitProgress, tell
from dlcompare.tasks.types import Value

Options = Mapping[str, str]


class Answers:
    """Predicts by a function."""

    def __init__(self, answer: Callable[[Inputs], Value]) -> None:
        self.answer = answer
        self.cost = Cost(candidates=7)
        self.prior: Mapping[str, str | int | float] = {"knows": "nothing"}

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        return [self.answer(row) for row in inputs]


class Acting:
    """Does something in the place of a fit."""

    def __init__(self, act: Callable[[Problem, int], None]) -> None:
        self.act = act

    def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
        self.act(problem, seed)
        return Answers(lambda row: row["xs"])


def hanging(options: Options, device: str) -> Acting:
    """Waits for ever, together with a child that waits too; writes both numbers to a file."""

    def act(problem: Problem, seed: int) -> None:
        with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"]) as child:
            Path(options["pids"]).write_text(f"{os.getpid()} {child.pid} {os.getppid()}")
            time.sleep(1000)

    return Acting(act)


def stopping(options: Options, device: str) -> Acting:
    """Stops its fork server, and waits for ever."""

    def act(problem: Problem, seed: int) -> None:
        os.kill(os.getppid(), signal.SIGSTOP)
        time.sleep(1000)

    return Acting(act)


def talkative(options: Options, device: str) -> Acting:
    """Says more than a store can keep, on its prior card or in an error."""

    class Talking(Acting):
        def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
            if options["on"] == "error":
                raise RuntimeError("z" * 80_000_000)
            predictor = Answers(lambda row: row["xs"])
            predictor.prior = {"knows": "z" * 80_000_000}
            return predictor

    return Talking(lambda problem, seed: None)


class Unspeakable(BaseException):
    """Says nothing but raises again."""

    def __str__(self) -> str:
        raise Unspeakable


def beyond(options: Options, device: str) -> Acting:
    """Predicts by raising what is no `Exception`."""

    def answer(row: Inputs) -> Value:
        raise {"SystemExit": SystemExit(0), "Unspeakable": Unspeakable()}[options["raises"]]

    class Predicting(Acting):
        def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
            return Answers(answer)

    return Predicting(lambda problem, seed: None)


def leaving(options: Options, device: str) -> Acting:
    """Ends well and leaves a child behind that does not."""

    def act(problem: Problem, seed: int) -> None:
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
        Path(options["pids"]).write_text(f"{child.pid}")

    return Acting(act)


def escaping(options: Options, device: str) -> Acting:
    """Has a forked child in a session of its own that holds every open file."""

    def act(problem: Problem, seed: int) -> None:
        server = os.getppid()
        if not os.fork():
            os.setsid()
            Path(options["pids"]).write_text(f"{os.getpid()} {server}")
        time.sleep(1000)

    return Acting(act)


def daemonic(options: Options, device: str) -> Acting:
    """Ends as it is told, and leaves a process that is nobody's child in a session of its own.

    Its number and, again and again, the time are in the file ``beats``.
    """

    def act(problem: Problem, seed: int) -> None:
        beats = Path(options["beats"])
        if not os.fork():
            os.setsid()
            if os.fork():
                os._exit(0)
            while True:
                # A reader finds the whole line.
                beats.with_suffix(".new").write_text(f"{os.getpid()} {time.monotonic_ns()}")
                beats.with_suffix(".new").replace(beats)
                time.sleep(0.02)
        while not (beats.exists() and beats.read_text()):
            time.sleep(0.02)
        if options["ends"] == "late":
            time.sleep(1000)
        if options["ends"] == "badly":
            os._exit(3)

    return Acting(act)


def held(options: Options, device: str) -> Acting:
    """Notes its process and its fork server's, and waits until a file is there."""

    def act(problem: Problem, seed: int) -> None:
        with Path(options["pids"]).open("a") as pids:
            pids.write(f"{os.getpid()} {os.getppid()}\n")
        while not Path(options["until"]).exists():
            time.sleep(0.02)

    return Acting(act)


def driving(options: Options, device: str) -> Acting:
    """Always goes north; is killed in the middle of its first drives, or answers out of turn."""

    class North(Answers):
        asked = 0

        def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
            self.asked += 1
            killed = Path(options["killed"])
            if self.asked == 3 and options["does"] == "dies" and not killed.exists():
                killed.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return super().predict(inputs)[options["does"] == "loses" :]

    class Fitting(Acting):
        def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
            return North(lambda row: 0)

    return Fitting(lambda problem, seed: None)


def killing_itself(options: Options, device: str) -> Acting:
    """Notes that it begins, and sends itself a signal."""

    def act(problem: Problem, seed: int) -> None:
        with Path(options["log"]).open("a") as log:
            log.write("begun\n")
        os.kill(os.getpid(), int(options["signal"]))
        time.sleep(1000)

    return Acting(act)


def hoarding(options: Options, device: str) -> Acting:
    """Takes memory without end: in Python, numpy, torch, or in children.

    Each of the children stays below the limit, all together do not. Memory that is shared is that
    of a map without a file, of `shared_memory`, or of a file that has no place on any disk.
    """

    def act(problem: Problem, seed: int) -> None:
        held: list[object] = []
        if "cgroup" in options:
            (Path(options["cgroup"]) / "cgroup.procs").write_text(str(os.getpid()))
        if options["by"] == "children":
            code = "import time; held = b'x' * 2**29; time.sleep(1000)"
            held += [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
            time.sleep(1000)
        while True:
            if options["by"] == "numpy":
                import numpy as np

                held.append(np.ones(2**24))
            elif options["by"] == "torch":
                import torch

                held.append(torch.ones(2**24))
            elif options["by"] == "mmap":
                held.append(mmap.mmap(-1, 2**26))
                held[-1].write(bytes(2**26))  # type: ignore[attr-defined]
            elif options["by"] == "shared_memory":
                block = SharedMemory(create=True, size=2**26)
                block.unlink()
                block.buf[:] = bytes(2**26)
                held.append(block)
            elif options["by"] == "memfd":
                held.append(os.memfd_create("hoard"))
                os.write(held[-1], bytes(2**26))  # type: ignore[arg-type]
            else:
                held.append([0] * 2**20)

    return Acting(act)


def sharing(options: Options, device: str) -> Acting:
    """Has children that hold together what the limit allows one of them, all of it shared."""

    def act(problem: Problem, seed: int) -> None:
        held = bytearray(6 * 10**8)
        held[::4096] = b"x" * len(held[::4096])
        block = mmap.mmap(-1, 10**8)
        block.write(bytes(10**8))
        children = []
        for _ in range(3):
            if not (child := os.fork()):
                assert sum(held[::4096])
                assert not sum(block[::4096])
                time.sleep(1000)
            children.append(child)
        time.sleep(1)
        for child in children:
            os.kill(child, signal.SIGKILL)

    return Acting(act)


def segfaulting(options: Options, device: str) -> Acting:
    """Reads address 0."""
    return Acting(lambda problem, seed: ctypes.string_at(0) and None)


def exiting(options: Options, device: str) -> Acting:
    """Leaves without a word."""
    return Acting(lambda problem, seed: os._exit(3))


def raising(options: Options, device: str) -> Acting:
    """Raises."""

    def act(problem: Problem, seed: int) -> None:
        raise ZeroDivisionError("nothing was divided")

    return Acting(act)


def ending(options: Options, device: str) -> Acting:
    """Ends as learners may: without a program, or diverged."""

    def act(problem: Problem, seed: int) -> None:
        if options["as"] == "no_program":
            raise NoProgramError("the search is over", Cost(candidates=11))
        raise DivergedError("the loss is nan", Cost(gradient_steps=13))

    return Acting(act)


def short(options: Options, device: str) -> object:
    """Gives one prediction too few."""

    class Short(Answers):
        def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
            return super().predict(inputs)[1:]

    class Fitting:
        def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
            return Short(lambda row: row["xs"])

    return Fitting()


def numbering(options: Options, device: str) -> object:
    """Answers in numpy's numbers, or with an object of its own; its prior card is as odd."""

    class Own:
        pass

    class Odd(Answers):
        def __init__(self) -> None:
            import numpy as np

            odd = Own() if options["by"] == "object" else np.int64(4)
            super().__init__(lambda row: [odd])
            self.cost = Cost(candidates=np.int64(3))
            self.prior = {"loss": float("nan"), "width": np.float32(0.5), "own": Own}

    class Fitting:
        def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
            return Odd()

    return Fitting()


def slow(options: Options, device: str) -> Acting:
    """Takes its time, or until a file is there; notes the fits it begins, and those it finishes."""

    def note(option: str, problem: Problem, seed: int) -> None:
        if option in options:
            with Path(options[option]).open("a") as log:
                log.write(f"{problem.signature.name} {len(problem.examples)} {seed}\n")

    def act(problem: Problem, seed: int) -> None:
        note("begun", problem, seed)
        time.sleep(float(options.get("seconds", "0.1")))
        while "until" in options and not Path(options["until"]).exists():
            time.sleep(0.05)
        note("log", problem, seed)

    return Acting(act)


def telling(options: Options, device: str) -> Acting:
    """Tells how far it is, more slowly than it is listened to, or as often as it can."""

    def act(problem: Problem, seed: int) -> None:
        times = int(options["times"])
        for done in range(1, times + 1):
            program = "reverse xs\x1b[2Jcleared"
            tell(FitProgress(done, times, "updates", loss=0.5, program=program))
            time.sleep(float(options.get("every", "0.3")))

    return Acting(act)


def importing_torch(options: Options, device: str) -> Acting:
    """Imports torch in the worker, takes an optimizer step, and notes its private memory."""

    def act(problem: Problem, seed: int) -> None:
        import torch

        layer = torch.nn.Linear(8, 8)
        optimizer = torch.optim.AdamW(layer.parameters())
        layer(torch.ones(4, 8)).sum().backward()
        optimizer.step()
        status = Path("/proc/self/status").read_text()
        data = next(line for line in status.splitlines() if line.startswith("VmData"))
        Path(options["log"]).write_text(data.split()[1])

    return Acting(act)


class Stack(Acting):
    """Fits problems at once; notes who was fitted with how many others, and where."""

    stacks = True

    def __init__(self, options: Options) -> None:
        super().__init__(lambda problem, seed: self.note([problem], [seed]))
        self.options = options

    def note(self, problems: Sequence[Problem], seeds: Sequence[int]) -> None:
        with Path(self.options["log"]).open("a") as log:
            for problem, seed in zip(problems, seeds, strict=True):
                log.write(f"{len(problems)} {len(problem.examples)} {seed} {os.getpid()}\n")

    def fit_curve(
        self, problems: Sequence[Problem], budget: Budget, seeds: Sequence[int]
    ) -> list[Predictor | FitError]:
        self.note(problems, seeds)
        while "until" in self.options and not Path(self.options["until"]).exists():
            time.sleep(0.05)
        return [self.one(seed) for seed in seeds]

    def one(self, seed: int) -> Predictor | FitError:
        bad = self.options.get("bad") if seed == 1 else None
        if bad == "diverges":
            return DivergedError("the loss is nan", Cost(gradient_steps=13))
        answer = {
            "exits": lambda row: os._exit(3),
            "hoards": lambda row: [0] * 2**34,
            "raises": lambda row: row["nothing"],
        }.get(bad or "", lambda row: row["xs"])
        return Answers(answer)


def stack(options: Options, device: str) -> Stack:
    """Fits problems at once, and one of them badly: ``bad=diverges``, ``exits``, ``hoards``."""
    return Stack(options)
