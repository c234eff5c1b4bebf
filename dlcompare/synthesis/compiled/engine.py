"""The compiled search core, with a compile cache that is never stale.

numba's file cache does not notice an edited callee in another file. The key of the cache folder is
therefore a hash of everything that determines the compiled code: the source of this package's
kernels and primitives, and the versions of numba and Python (numba keys its entries by the CPU).
``DLCOMPARE_CACHE`` sets a folder other than the user's cache folder. Only the families of
primitives that a problem needs are compiled; each set of families has separate modules. Damaged
files are compiled again (`compile_cache`); if no folder is writable, a temporary one serves the
process and its forks.
"""

import atexit
import gc
import hashlib
import importlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, cast

from dlcompare.synthesis.compiled.compile_cache import CacheFile
from dlcompare.synthesis.compiled.dispatch import dispatch_source
from dlcompare.synthesis.dsl.primitives import FAMILIES
from dlcompare.synthesis.dsl.primitives.primitive import Primitive

__all__ = ["cache_location", "is_compiled", "kernels", "load", "primitives_of"]

_HERE = Path(__file__).parent


@cache
def primitives_of(families: tuple[str, ...]) -> tuple[Primitive, ...]:
    """Return the primitives of some families; a primitive's index is its kernel number."""
    return tuple(primitive for name in families for primitive in FAMILIES[name])


@cache
def kernels() -> Any:
    """Return the compiled loops that every language shares."""
    with _cache_in("loops"):
        from dlcompare.synthesis.compiled.loops import candidates, cells, enumeration, while_loops
        from dlcompare.synthesis.compiled.loops import decision_trees as trees
        from dlcompare.synthesis.compiled.loops import fold_bodies as folds
        from dlcompare.synthesis.compiled.loops import partners as meeting
        from dlcompare.synthesis.compiled.loops import term_table as terms
    modules = (terms, cells, candidates, enumeration, folds, trees, meeting, while_loops)
    return SimpleNamespace(**{name: each for of in modules for name, each in vars(of).items()})


@cache
def load(families: tuple[str, ...]) -> tuple[tuple[int, ...], int]:
    """Compile the primitives of `families`; return each evaluator's and ``tabulate``'s address."""
    folder, suffix = _cache_folder(), "_".join(families)
    dispatch = folder / f"dispatch_{suffix}.py"
    text = dispatch_source(families, primitives_of(families))
    if not dispatch.is_file() or dispatch.read_bytes() != text.encode():
        partial = folder / f"dispatch.{os.getpid()}"
        partial.write_text(text, encoding="utf-8")
        partial.replace(dispatch)
    with _cache_in(suffix):
        module = _execute(f"dlcompare_dispatch_{suffix}", dispatch, text)
    return tuple(each.address for each in module.EVALUATORS), module.tabulate.address


def is_compiled(families: tuple[str, ...]) -> bool:
    """Return whether an earlier process has compiled the code of these families."""
    folders = (cache_location() / "loops", cache_location() / "_".join(families))
    return all(any(folder.rglob("*.nbc")) for folder in folders)


@contextmanager
def _cache_in(name: str) -> Iterator[None]:
    """Cache the functions declared inside the context in a folder of this name."""
    import numba
    from numba.core import caching

    _keep_garbage()
    _leave_out_blas()
    config: Any = numba.config
    files: Any = caching
    before = config.CACHE_DIR, files.IndexDataCacheFile
    config.CACHE_DIR, files.IndexDataCacheFile = str(_cache_folder() / name), CacheFile
    try:
        yield
    finally:
        config.CACHE_DIR, files.IndexDataCacheFile = before


@cache
def _keep_garbage() -> None:
    """Disable garbage collection while numba compiles, which saves a sixth of its time."""
    from numba.core import event

    depth, collected = 0, False

    class Compiling(event.Listener):
        def on_start(self, _: object) -> None:
            nonlocal depth, collected
            if not depth:
                collected = gc.isenabled()
                gc.disable()
            depth += 1

        def on_end(self, _: object) -> None:
            nonlocal depth
            depth -= 1
            if not depth and collected:
                gc.enable()

    register: Any = event.register
    register("numba:compile", Compiling())


@cache
def _leave_out_blas() -> None:
    """Load numba without SciPy's linear algebra, which no kernel uses (an eighth of a start).

    numba looks for it once and does without it if it is missing.
    """
    if "scipy.linalg" not in sys.modules:
        absent: dict[str, ModuleType | None] = cast(Any, sys.modules)
        absent["scipy.linalg"] = None
        try:
            importlib.import_module("numba.np.arraymath")
        finally:
            del absent["scipy.linalg"]


def _execute(name: str, file: Path, text: str) -> ModuleType:
    """Run the source of a module, without a ``.pyc`` file, which might be damaged too."""
    module = ModuleType(name)
    module.__file__ = str(file)
    sys.modules[name] = module  # compiled functions look up their module
    exec(compile(text, str(file), "exec"), vars(module))
    return module


@cache
def cache_location() -> Path:
    """Return the folder of compiled kernels, whether it exists or not."""
    digest = hashlib.sha256(f"{metadata.version('numba')} {platform.python_version()}".encode())
    folders = (_HERE.parent / "dsl" / "primitives", _HERE / "loops")
    sources = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    for file in [*sources, _HERE / "packing.py", _HERE / "dispatch.py", Path(__file__)]:
        digest.update(file.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    base = Path(os.environ.get("DLCOMPARE_CACHE") or Path(home) / "dlcompare")
    return base.absolute() / digest.hexdigest()[:16]


@cache
def _cache_folder() -> Path:
    folder = cache_location()
    try:
        for each in (folder, *folder.glob("*/")):
            each.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=each):
                pass
    except OSError:  # for example, a read-only home
        folder = Path(tempfile.mkdtemp(prefix="dlcompare-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def with_calls(families: tuple[str, ...], number: int, **calls: object) -> FunctionType:
    """Return the kernel of a primitive, with compiled callees."""
    return _linked(cast(FunctionType, primitives_of(families)[number].kernel), calls)


def _linked(function: FunctionType, calls: Mapping[str, object]) -> FunctionType:
    known = function.__globals__
    own = {
        name: _compiled(known[name])
        for name in function.__code__.co_names
        if name not in calls and isinstance(known.get(name), FunctionType)
    }
    return FunctionType(function.__code__, {**known, **own, **calls}, function.__name__)


@cache
def _compiled(function: FunctionType) -> object:
    from dlcompare.synthesis.compiled.loops.jit import inner

    return cast(object, inner(_linked(function, {})))
