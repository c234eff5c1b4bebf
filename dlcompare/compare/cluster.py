"""Trials as tasks of a Ray cluster (Moritz et al., 2018).

On its node a trial is what it is on one machine: a process forked from a server that has the
imports done, within its time and its memory, supervised by the Ray worker. What the worker holds
is the problem and the test inputs, never the answers; those, and the store, stay with the run.

A trial whose node is lost is made again elsewhere, which changes no result: what decides it is in
the assignment. What a fit tells of its progress stays on its node.
"""

import os
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import dlcompare
from dlcompare.compare.backends import Assignment, Hear, Questions, answering
from dlcompare.compare.supervise import Ending, Supervisor
from dlcompare.compare.worker import Check
from dlcompare.tasks.errors import InputError

__all__ = ["Cluster", "make"]

_RETRIES = 3
_LOOK = 5.0  # seconds between two looks at how large the cluster is


def make(
    assignment: Assignment, questions: Questions, preload: tuple[str, ...], version: str
) -> Ending:
    """Make a trial in a process of this node, and tell how it came to its end.

    Parameters
    ----------
    assignment : Assignment
        Its own questions are empty; those that count come as an object of the cluster.
    questions : sequence of mapping
        The inputs of each test set.
    preload : tuple of str
        Modules that its process finds imported.
    version : str
        Of dlcompare in the run, which must be this node's.

    Raises
    ------
    InputError
        If it is not.
    """
    if version != dlcompare.__version__:
        raise InputError(
            f"the node {os.uname().nodename} has dlcompare {dlcompare.__version__}, the run has "
            f"{version}; install the same version on every node"
        )
    if preload not in _supervisors:
        _supervisors[preload] = Supervisor(preload)
    supervisor = _supervisors[preload]
    its = assignment
    number = supervisor.launch(
        its.job, answering(questions, lambda _: None), its.seconds, its.memory
    )
    while True:
        for ended, ending in supervisor.wait():
            if ended == number:
                return ending


# A Ray worker makes many trials; the fork server that it starts for the first serves the others,
# and ends when it does.
_supervisors: dict[tuple[str, ...], Supervisor] = {}


class Cluster:
    """A Ray cluster; leaving it cancels what still runs.

    Parameters
    ----------
    preload : sequence of str
        Modules that every trial finds imported.
    jobs : int, optional
        Trials at a time; as many as the cluster has cores without it, and more when it grows.
    memory : int
        Bytes that a trial asks of its node.
    address : str, optional
        Of the cluster's head; Ray's own choice without it: ``RAY_ADDRESS``, or a cluster of this
        machine alone, which ends with the run.

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
        self._address = address
        self._joined = False
        self._numbers: dict[Any, int] = {}
        self._launched = 0
        self._put: dict[int, tuple[Questions, Any]] = {}
        self._cores = 0
        self._looked = float("-inf")

    def __enter__(self) -> "Cluster":
        if not self._ray.is_initialized():
            # A node without a GPU for a trial leaves CUDA's variables alone.
            os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
            try:
                self._ray.init(
                    address=self._address, log_to_driver=False, logging_level="ERROR",
                    include_dashboard=None if self._address else False,
                )  # fmt: skip
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
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for reference in self._numbers:
            self._ray.cancel(reference, force=True)
        if self._joined:
            self._ray.shutdown()

    def room(self) -> int:
        """The jobs asked for, or the cluster's cores."""
        if self._jobs is not None:
            return self._jobs
        now = time.monotonic()
        if now >= self._looked + _LOOK:
            self._looked = now
            self._cores = int(self._ray.cluster_resources().get("CPU", 0))
        return max(1, self._cores)

    def launch(self, assignment: Assignment, hear: Hear) -> int:  # noqa: ARG002
        """Submit a trial as a task that asks for a core, its memory, and perhaps a GPU."""
        questions = assignment.questions
        if id(questions) not in self._put:
            # Kept beside its address, so that nothing else can get that.
            self._put[id(questions)] = questions, self._ray.put(questions)
        alone = Assignment(
            assignment.job, (), assignment.seconds, assignment.memory, assignment.gpu
        )
        reference = self._submit(alone, self._put[id(questions)][1])
        self._launched += 1
        self._numbers[reference] = self._launched
        return self._launched

    def wait(self) -> list[tuple[int, Ending]]:
        """Wait for a second at most; the trials that have ended."""
        if not self._numbers:
            return []
        ready, _ = self._ray.wait(list(self._numbers), num_returns=1, timeout=1.0)
        if ready:  # and whoever else is
            every = list(self._numbers)
            ready, _ = self._ray.wait(every, num_returns=len(every), timeout=0)
        return [(self._numbers.pop(each), self._ending(each)) for each in ready]

    def check(self, job: Check, seconds: float, memory: int) -> Ending:
        """Run a check on a node, one with a GPU where the cluster has any."""
        gpu = job.device != "cpu" and self._ray.cluster_resources().get("GPU", 0) >= 1
        return self._ending(self._submit(Assignment(job, (), seconds, memory, gpu), ()))

    def place(self) -> dict[str, Any]:
        """How many nodes it has, and how many cores and GPUs they have together."""
        resources = self._ray.cluster_resources()
        return {
            "ray": self._ray.__version__,
            "nodes": sum(bool(node["Alive"]) for node in self._ray.nodes()),
            "cluster_cores": int(resources.get("CPU", 0)),
            "cluster_gpus": int(resources.get("GPU", 0)),
        }

    def _submit(self, assignment: Assignment, questions: Any) -> Any:
        options = {
            "num_cpus": 1,
            "num_gpus": int(assignment.gpu),
            "memory": self._memory,
            "max_retries": _RETRIES,
            "retry_exceptions": False,
        }
        return self._make.options(**options).remote(
            assignment, questions, self._preload, dlcompare.__version__
        )

    def _refuse_too_small(self) -> None:
        """Ray would wait for a node that is large enough, and say nothing."""
        alive = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        largest = max((each.get("memory", 0) for each in alive if each.get("CPU")), default=0)
        if largest < self._memory:
            raise InputError(
                f"no node of the cluster has the {self._memory / 1e9:g} GB that a trial may take; "
                f"the largest offers {largest / 1e9:.1f} GB; choose less with --memory"
            )

    def _ending(self, reference: Any) -> Ending:
        """How a trial came to its end; ``lost`` where its node was, as often as it was tried."""
        from ray.exceptions import RayError, RayTaskError

        try:
            ending: Ending = self._ray.get(reference)
        except RayTaskError as error:
            cause = error.cause
            raise cause if isinstance(cause, InputError) else error from None
        except RayError as error:
            return Ending((), "lost", 0, 0.0, 0.0, 0, str(error).strip())
        return ending
