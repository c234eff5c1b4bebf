"""A cache of compiled code that recovers from damaged files.

numba keeps an index of its compiled code and trusts both: a file truncated by a full disk or a
killed process causes an error at every later start, and when two processes write at once, one may
find the other's code under its own name. Here each entry is a separate file, which begins with the
digest of its content and contains its key. An entry that is damaged, or has another key, counts as
missing; it is compiled again and overwritten.
"""

import contextlib
import hashlib
import pickle
import uuid
from pathlib import Path
from typing import Any

__all__ = ["CacheFile"]

_DIGEST = hashlib.sha256().digest_size


class CacheFile:
    """The entries of one compiled function; takes the place of numba's ``IndexDataCacheFile``.

    Parameters
    ----------
    cache_path : str
        The folder.
    filename_base : str
        The prefix of the file names.
    source_stamp : object
        Unused, since the folder belongs to one version of the source.
    """

    def __init__(self, cache_path: str, filename_base: str, source_stamp: object) -> None:
        del source_stamp
        self._folder, self._base = Path(cache_path), filename_base

    def flush(self) -> None:
        """Remove all entries."""
        for file in self._folder.glob(f"{self._base}.*.nbc"):
            file.unlink(missing_ok=True)

    def load(self, key: object) -> Any:
        """Return the entry of a key, or None if there is no usable one."""
        file = self._file(key)
        try:
            content = file.read_bytes()
        except OSError:
            return None
        digest, packed = content[:_DIGEST], content[_DIGEST:]
        if hashlib.sha256(packed).digest() != digest:
            return None
        try:
            known, data = pickle.loads(packed)
        except Exception:  # the entry refers to something missing: compile again
            return None
        return data if known == repr(key) else None

    def save(self, key: object, data: object) -> None:
        """Keep an entry; if it cannot be written, it is compiled again next time."""
        from numba.core import serialize

        numbas: Any = serialize
        packed: bytes = numbas.dumps((repr(key), data))
        file = self._file(key)
        partial = file.with_suffix(f".{uuid.uuid4().hex[:16]}")
        try:
            partial.write_bytes(hashlib.sha256(packed).digest() + packed)
            partial.replace(file)
        except OSError:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)

    def _file(self, key: object) -> Path:
        name = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
        return self._folder / f"{self._base}.{name}.nbc"
