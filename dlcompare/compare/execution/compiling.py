"""Compile the search before any clock runs.

The compiled search depends on the types of a problem. If it is not in the cache yet, the first
search would spend its time on compiling; so the fork server compiles it for all problems before it
starts any of them.
"""

from collections.abc import Iterable, Sequence

from dlcompare.tasks.problem import Signature

__all__ = ["COMPILING", "must_compile", "with_compiled"]

COMPILING = "compiling the search (once) …"

_SEARCH = "dlcompare.synthesis.synthesizer"


def with_compiled(preload: Sequence[str], signatures: Iterable[Signature]) -> list[str]:
    """Return modules to preload, the search with the languages that the signatures need.

    Parameters
    ----------
    preload : sequence of str
        Modules; unless the search is among them, nothing is added.
    signatures : iterable of Signature
        The signatures of the problems.

    Returns
    -------
    list of str
        Modules; after a colon comes the argument of a module's ``preload``.

    Examples
    --------
    >>> from dlcompare.tasks.types import INT, STR
    >>> its = Signature("f", (("n", INT),), STR)
    >>> with_compiled(["numba", "dlcompare.synthesis.synthesizer"], [its])[-1]
    'dlcompare.synthesis.synthesizer:base+strings+nested'
    """
    modules = list(dict.fromkeys(preload))
    if _SEARCH not in modules:
        return modules
    from dlcompare.synthesis.bank.language import language_of

    needed: dict[str, None] = {}
    for signature in signatures:
        types = [*(type_ for _, type_ in signature.parameters), signature.result]
        needed[f"{_SEARCH}:{'+'.join(language_of(types).families)}"] = None
    if not needed:
        return modules
    place = modules.index(_SEARCH)
    return [*modules[:place], *needed, *modules[place + 1 :]]


def must_compile(preload: Iterable[str]) -> bool:
    """Return whether something among the modules to preload is not compiled yet."""
    from dlcompare.synthesis.compiled.engine import is_compiled

    found = (name.partition(":") for name in preload)
    families = (text.split("+") for module, _, text in found if module == _SEARCH and text)
    return not all(is_compiled(tuple(each)) for each in families)
