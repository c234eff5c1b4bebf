"""Trials as tasks of a Ray cluster (Moritz et al., 2018).

On its node a trial runs as on a single machine: in a process forked from a server that has done the
imports, within its limits of time and memory, supervised by the Ray worker. The worker holds the
problem and the test inputs, never the answers; those, and the store, stay with the run.

A trial whose node is lost is made again elsewhere, which changes no result: the assignment decides
it. A cluster of this machine alone, which the run has started, is started again when its only node
is lost; it listens on the loopback interface and nowhere else.

A fit reports its progress to a board on the run's own node, which keeps the latest of each trial;
the run looks at it once a second. Nothing waits for the board; if it is lost, only the progress is.
"""

import contextlib
import os
import pickle
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any

from dlcompare.compare.execution.backend import Assignment, Hear, Questions, answering
from dlcompare.compare.execution.ending import Ending
from dlcompare.compare.execution.supervisor import Supervisor
from dlcompare.compare.execution.worker import Check
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.progress import FitProgress
from dlcompare.version import VERSION

__all__ = ["Board", "Cluster", "make"]

_RETRIES = 3
_RESTARTS = 2  # of a cluster of this machine alone, for the trials that it has lost
_WITHOUT_STORE = {"max_direct_call_object_size": 2**26, "task_rpc_inlined_bytes_limit": 2**28}
"""Has Ray send objects in its messages. It ends the process of the run at once, without a word, if
that has objects in the shared store of a node which is lost."""
_SMALL = 90_000  # bytes that Ray sends inside a message in any cluster
_LOOK = 5.0  # seconds between two looks at the cluster's size
_TELL = 1.0  # seconds between two messages of a trial, and between two looks at the board


class Board:
    """An actor that keeps the latest message of every running trial, by number."""

    def __init__(self) -> None:
        self._told: dict[int, FitProgress] = {}

    def tell(self, number: int, told: FitProgress) -> None:
        """Put up a trial's message, replacing its previous one."""
        self._told[number] = told

    def take(self) -> dict[int, FitProgress]:
        """Take down all messages since the last time."""
        told, self._told = self._told, {}
        return told


def make(
    assignment: Assignment,
    questions: Questions,
    preload: tuple[str, ...],
    version: str,
    number: int,
    board: Any,
) -> Ending:
    """Make a trial in a process of this node, and return how it ended.

    Parameters
    ----------
    assignment : Assignment
        The assignment, without questions; they come separately, as an object of the cluster.
    questions : sequence of mapping
        The inputs of each test set.
    preload : tuple of str
        Modules that its process finds already imported.
    version : str
        The run's version of dlcompare, which must be this node's.
    number : int
        The number by which the run knows the trial.
    board : actor handle of Board
        The board that takes its progress.

    Raises
    ------
    InputError
        If this node has another version.
    """
    if version != VERSION:
        raise InputError(
            f"the node {os.uname().nodename} has dlcompare {VERSION}, the run has "
            f"{version}; install the same version on every node"
        )
    if preload not in _supervisors:
        _supervisors[preload] = Supervisor(preload)
    supervisor = _supervisors[preload]
    its = assignment
    tell = _telling(number, board)
    launched = supervisor.launch(
        its.job, lambda: answering(questions, its.sets, tell), its.seconds, its.memory
    )
    while True:
        for ended, ending in supervisor.wait():
            if ended == launched:
                return ending


def _telling(number: int, board: Any) -> Callable[[FitProgress], None]:
    """Return a function that passes progress to the board as often as the run looks at it."""
    told = float("-inf")

    def tell(progress: FitProgress) -> None:
        nonlocal told
        if time.monotonic() >= told + _TELL:
            told = time.monotonic()
            board.tell.remote(number, progress)  # the trial does not care whether it arrives

    return tell


# A Ray worker makes many trials; the fork server that it starts for the first serves the others,
# and ends when it does.
_supervisors: dict[tuple[str, ...], Supervisor] = {}


class Cluster:
    """A Ray cluster; leaving its context cancels the trials that still run.

    Parameters
    ----------
    preload : sequence of str
        Modules that every trial finds already imported.
    jobs : int, optional
        Trials at a time, by default one for each core of the cluster, and more when it grows.
    memory : int
        Bytes that a trial requests of its node.
    address : str, optional
        The address of the cluster's head, by default ``RAY_ADDRESS``; without both, the run starts
        a cluster of this machine alone, which listens on the loopback interface only.

    Raises
    ------
    InputError
        If Ray is not installed.
    """

    def __init__(
        self, preload: Sequence[str], jobs: int | None, memory: int, address: str | None
    ) -> None:
        try:
            import ray
        except ImportError as error:
            raise InputError(
                "the backend ray needs Ray; install it with: pip install 'dlcompare[ray]'"
            ) from error
        self._ray: Any = ray
        self._preload = tuple(preload)
        self._jobs = jobs
        self._memory = memory
        self._address = address or os.environ.get("RAY_ADDRESS")
        self._joined = False
        self._alone = False
        self._numbers: dict[Any, int] = {}
        self._running: dict[int, tuple[Assignment, Hear]] = {}
        self._restarts: Counter[int] = Counter()
        self._launched = 0
        self._put: dict[int, tuple[Questions, Any]] = {}
        self._cores = 0
        self._looked = self._met = float("-inf")
        self._board: Any = None
        self._taking: Any = None
        self._took = float("-inf")

    def __enter__(self) -> "Cluster":
        if not self._ray.is_initialized():
            try:
                self._join()
            except (ConnectionError, RuntimeError, ValueError) as error:
                raise InputError(
                    f"no Ray cluster can be reached at {self._address or 'this machine'}: {error}"
                ) from error
            self._joined = True
        try:
            self._refuse_too_small()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self._make = self._ray.remote(make)
        self._board = self._open_board()
        return self

    def _join(self) -> None:
        """Connect to the cluster, or start one of this machine alone if there is none to join.

        Ray listens on every interface unless the address of its node is 127.0.0.1, which it takes
        only where it believes that machines of this kind form no clusters.
        """
        # A node without a GPU for a trial leaves CUDA's variables alone.
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        quiet = {"log_to_driver": False, "logging_level": "ERROR"}
        if self._address is not None:
            self._ray.init(address=self._address, **quiet)
            return
        from ray._private import ray_constants

        clusters = getattr(ray_constants, "ENABLE_RAY_CLUSTER", True)
        ray_constants.ENABLE_RAY_CLUSTER = False
        try:
            self._ray.init(
                address="local", include_dashboard=False, _system_config=_WITHOUT_STORE, **quiet
            )
        finally:
            ray_constants.ENABLE_RAY_CLUSTER = clusters
        self._alone = True
        listens = self._ray.util.get_node_ip_address()
        if listens != "127.0.0.1":
            self._ray.shutdown()
            raise RuntimeError(
                f"Ray {self._ray.__version__} would listen at {listens}, where others may reach "
                "it; start a cluster with ray start, and give its --address"
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for reference in self._numbers:
            self._ray.cancel(reference, force=True)
        if self._board is not None:
            self._ray.kill(self._board)
        if self._joined:
            self._ray.shutdown()

    def room(self) -> int:
        """Return the jobs requested, or the cluster's cores."""
        if self._jobs is not None:
            return self._jobs
        now = time.monotonic()
        if now >= self._looked + _LOOK:
            self._looked = now
            self._cores = int(self._ray.cluster_resources().get("CPU", 0))
        return max(1, self._cores)

    def launch(self, assignment: Assignment, hear: Hear) -> int:
        """Submit a trial as a task that asks for a core, its memory, and perhaps a GPU."""
        self._launched += 1
        self._running[self._launched] = assignment, hear
        self._start(self._launched)
        return self._launched

    def wait(self) -> list[tuple[int, Ending]]:
        """Wait for at most a second, and return the trials that have ended."""
        if not self._numbers:
            return []
        ready, _ = self._ray.wait(list(self._numbers), num_returns=1, timeout=1.0)
        if ready:  # and all others that are
            every = list(self._numbers)
            ready, _ = self._ray.wait(every, num_returns=len(every), timeout=0)
        self._hear()
        endings: list[tuple[int, Ending]] = []
        for each in ready:
            ending = self._ending(each)
            if ending is None:
                return endings + self._start_again()
            number = self._numbers.pop(each)
            del self._running[number]
            repeats = ending.repeats + self._restarts.pop(number, 0)
            endings.append((number, replace(ending, repeats=repeats)))
        if not ready and time.monotonic() >= self._met + _LOOK:
            self._met = time.monotonic()
            if not any(node["Alive"] for node in self._ray.nodes()):
                endings += self._start_again()
        return endings

    def _start_again(self) -> list[tuple[int, Ending]]:
        """Restart this machine's cluster and its trials; return those that are lost for good."""
        if not self._alone:
            raise InputError(
                f"the Ray cluster at {self._address or 'this machine'} is lost, or its node here "
                "is; start it again, then give the same command with --resume"
            )
        self._ray.shutdown()
        self._join()
        self._make = self._ray.remote(make)
        self._board, self._taking = self._open_board(), None
        self._put.clear()
        self._numbers.clear()
        lost = []
        for number in list(self._running):
            if self._restarts[number] < _RESTARTS:
                self._restarts[number] += 1
                self._start(number)
            else:
                del self._running[number]
                lost.append((number, _lost("the cluster's only node was lost", _RESTARTS)))
        return lost

    def _start(self, number: int) -> None:
        assignment = self._running[number][0]
        alone = replace(assignment, questions=())
        self._numbers[self._submit(alone, self._given(assignment.questions), number)] = number

    def _given(self, questions: Questions) -> Any:
        """Return the questions of trials; large ones are put into the shared store once."""
        if id(questions) not in self._put:
            small = self._alone or len(pickle.dumps(questions)) < _SMALL
            # Kept beside its address, so that no other object can take that.
            self._put[id(questions)] = questions, questions if small else self._ray.put(questions)
        return self._put[id(questions)][1]

    def check(self, job: Check, seconds: float, memory: int) -> Ending:
        """Run a check on a node, with a GPU if the cluster has one."""
        gpu = job.device != "cpu" and self._ray.cluster_resources().get("GPU", 0) >= 1
        reference = self._submit(Assignment(job, (), seconds, memory, gpu), (), 0)
        return self._ending(reference) or _lost("the cluster's node here was lost", 0)

    def place(self) -> dict[str, Any]:
        """Count the nodes of the cluster, and their cores and GPUs in total."""
        resources = self._ray.cluster_resources()
        return {
            "ray": self._ray.__version__,
            "nodes": sum(bool(node["Alive"]) for node in self._ray.nodes()),
            "cluster_cores": int(resources.get("CPU", 0)),
            "cluster_gpus": int(resources.get("GPU", 0)),
        }

    def _open_board(self) -> Any:
        """Open the board on the node of the run, which lasts as long as the run."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        here = self._ray.get_runtime_context().get_node_id()
        place = NodeAffinitySchedulingStrategy(here, soft=True)
        return self._ray.remote(Board).options(num_cpus=0, scheduling_strategy=place).remote()

    def _hear(self) -> None:
        """Pass on what the board has sent, without waiting; then ask it again."""
        from ray.exceptions import RayError

        if self._taking is not None:
            ready, _ = self._ray.wait([self._taking], timeout=0)
            if not ready:
                return
            told: dict[int, FitProgress] = {}
            with contextlib.suppress(RayError):
                told = self._ray.get(self._taking)
            self._taking = None
            for number, progress in told.items():
                if number in self._running:
                    self._running[number][1](progress)
        if time.monotonic() >= self._took + _TELL:
            self._took = time.monotonic()
            self._taking = self._board.take.remote()

    def _submit(self, assignment: Assignment, questions: Any, number: int) -> Any:
        options = {
            "num_cpus": 1,
            "num_gpus": int(assignment.gpu),
            "memory": self._memory,
            "max_retries": _RETRIES,
            "retry_exceptions": False,
        }
        return self._make.options(**options).remote(
            assignment, questions, self._preload, VERSION, number, self._board
        )

    def _refuse_too_small(self) -> None:
        """Refuse trials that no node has the memory for: Ray would wait in silence."""
        alive = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        largest = max((each.get("memory", 0) for each in alive if each.get("CPU")), default=0)
        if largest < self._memory:
            raise InputError(
                f"no node of the cluster has the {self._memory / 1e9:g} GB that a trial may take; "
                f"the largest offers {largest / 1e9:.1f} GB; choose less with --memory"
            )

    def _ending(self, reference: Any) -> Ending | None:
        """Return how a trial ended; ``lost`` if its node was lost on every attempt.

        None if the node of the run itself is lost.
        """
        from ray.exceptions import LocalRayletDiedError, RayError, RayTaskError

        try:
            ending: Ending = self._ray.get(reference)
        except RayTaskError as error:
            cause = error.cause
            raise cause if isinstance(cause, InputError) else error from None
        except LocalRayletDiedError:
            return None
        except RayError as error:
            return _lost(str(error).strip(), 0)
        return ending


def _lost(words: str, repeats: int) -> Ending:
    return Ending((), "lost", 0, 0.0, 0.0, 0, words, repeats)
