"""Binding of the arguments of a call to the parameters of a function."""

import ast
from collections.abc import Mapping
from types import FunctionType
from typing import Any

from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    Sequence,
    UnsupportedError,
    Value,
    storable,
)

__all__ = ["bound_arguments", "default_values"]


def default_values(function: FunctionType) -> dict[str, Any]:
    """Return the defaults of a function's parameters.

    Examples
    --------
    >>> def cut(xs, first=0, *, step=1): ...
    >>> default_values(cut)
    {'first': 0, 'step': 1}
    """
    code, defaults = function.__code__, function.__defaults__ or ()
    positional = code.co_varnames[: code.co_argcount]
    named = zip(positional[len(positional) - len(defaults) :], defaults, strict=True)
    return {**dict(named), **(function.__kwdefaults__ or {})}


def bound_arguments(
    node: ast.FunctionDef | ast.Lambda,
    defaults: Mapping[str, Value],
    arguments: list[Value],
    named: Mapping[str, Value],
) -> dict[str, Value] | Raised:
    """Return the values of a function's parameters in a call.

    Parameters
    ----------
    node : ast.FunctionDef or ast.Lambda
    defaults : mapping of str to value
        Defaults of its parameters.
    arguments : list of values
        Positional arguments.
    named : mapping of str to value
        Keyword arguments.

    Raises
    ------
    UnsupportedError
        If the function takes any number of named arguments.
    """
    if node.args.kwarg is not None:
        raise UnsupportedError(f"the parameter **{node.args.kwarg.arg} is not covered")
    positional = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    only_positional = {each.arg for each in node.args.posonlyargs}
    parameters = [*positional, *(each.arg for each in node.args.kwonlyargs)]
    names = dict(zip(positional, arguments, strict=False))
    further = arguments[len(positional) :]
    for name, value in named.items():
        if name not in parameters or name in only_positional or name in names:
            return Raised("TypeError")
        names[name] = value
    for name in parameters:
        if name not in names:
            if name not in defaults:
                return Raised("TypeError")
            names[name] = defaults[name]
    if node.args.vararg is not None:
        names[node.args.vararg.arg] = Sequence("tuple", tuple(map(storable, further)))
    elif further:
        return Raised("TypeError")
    return names
