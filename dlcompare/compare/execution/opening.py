"""Open backends by name."""

from collections.abc import Sequence

from dlcompare.compare.execution.backend import Backend
from dlcompare.compare.execution.local import Local
from dlcompare.tasks.errors import InputError

__all__ = ["BACKENDS", "check_backend", "open_backend"]

BACKENDS = ("local", "ray")


def check_backend(name: str, address: str | None) -> None:
    """Check that there is a backend of this name, and that it takes an address if one is given.

    Raises
    ------
    InputError
        If not.
    """
    if name not in BACKENDS:
        raise InputError(f"backend={name!r} must be one of {', '.join(BACKENDS)}")
    if name == "local" and address is not None:
        raise InputError(f"address={address!r} needs the backend ray; add --backend ray")


def open_backend(
    name: str, address: str | None, preload: Sequence[str], jobs: int | None, memory: int
) -> Backend:
    """Return the backend of a name, as a context manager.

    Parameters
    ----------
    name : {"local", "ray"}
    address : str, optional
        The address of a cluster.
    preload : sequence of str
        Modules that every trial finds already imported.
    jobs : int, optional
        Trials at a time.
    memory : int
        Bytes that a trial may take.

    Raises
    ------
    InputError
        If the name is unknown, a backend without an address gets one, or Ray is not installed.
    """
    check_backend(name, address)
    if name == "local":
        return Local(preload, jobs)
    from dlcompare.compare.execution.cluster import Cluster

    return Cluster(preload, jobs, memory, address)
