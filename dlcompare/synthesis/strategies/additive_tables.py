"""Additive tables: functions whose output is a sum of numbers, one for each element of the input.

The numbers solve a system of linear equations, one for each example: over ℤ, or modulo the number
of outputs, or modulo 2 for truth values. Such a function counts vowels, adds scores or goes round
in a circle.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from dlcompare.synthesis.dsl.primitives.primitive import LARGEST, Primitive
from dlcompare.synthesis.dsl.program import Apply, Program, Variable
from dlcompare.synthesis.grammar.description_length import table_bits
from dlcompare.synthesis.strategies.elimination import MOST_UNKNOWNS, PRIME, SURPLUS, determined
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import BOOL, INT, STR, Value, list_of

__all__ = ["EXPRESSED", "additive_tables"]

EXPRESSED = frozenset({"sum", "count", "contains"})
"""Primitives that a table expresses; if one is withheld, so are tables."""

_SUM, _VARIABLE, _TABLE, _REMAINDER, _TIMES = 5, 1, 5, 9, 4
"""Bits of the parts of a program, apart from numbers, on the scale of the language."""

_LARGEST = 10**6
"""The largest entry, in absolute value: a fraction modulo a prime is a far larger number."""

_MOST_OUTPUTS = 64


def additive_tables(
    signature: Signature, examples: Examples, remainders: bool = True
) -> Iterator[Program]:
    """Yield the additive table that the examples determine, if there is one.

    Parameters
    ----------
    signature : Signature
        A function from a text or a list to a number or a truth value.
    examples : Examples
        The examples to answer.
    remainders : bool
        Whether sums may be taken modulo a number.

    Examples
    --------
    >>> words = ["ab"[n % 2] * (n % 5) + "cab"[n % 3 :] for n in range(60)]
    >>> signature = Signature("f", (("text", STR),), INT)
    >>> examples = Examples({"text": words}, [3 * word.count("a") for word in words])
    >>> [found] = additive_tables(signature, examples)
    >>> print(found.python, end="")
    def f(text: str) -> int:
        return 3 * sum(y in 'a' for y in text)
    """
    if len(signature.parameters) != 1:
        return
    [(_, type_)], [column] = signature.parameters, examples.inputs.values()
    result = signature.result
    if type_ not in (STR, list_of(INT), list_of(STR)) or result not in (INT, BOOL):
        return
    if len(set(examples.outputs)) < 2:
        return
    elements = sorted(set().union(*column))
    most = min(MOST_UNKNOWNS, len(examples) - SURPLUS)
    if len(elements) > most or max(map(abs, examples.outputs)) > LARGEST:
        return
    counts = np.array([[Counter(row)[each] for each in elements] for row in column], np.int64)
    for modulus in _moduli(result == BOOL, examples.outputs, remainders):
        values = determined(counts, np.array(examples.outputs, np.int64), modulus or PRIME)
        if values is None:
            continue
        values[values > (modulus or PRIME) // 2] -= modulus or PRIME
        if not modulus:
            wrong = counts @ values[:-1] + values[-1] != np.array(examples.outputs, np.int64)
            if np.abs(values).max() > _LARGEST or wrong.any():
                continue
        *entries, constant = values.tolist()
        table = {each: entry for each, entry in zip(elements, entries, strict=True) if entry}
        if len(set(entries)) > 1:
            program = _program(signature, table, constant, modulus)
            if program.cost < table_bits(examples.outputs):
                yield program
                return


def _moduli(truth: bool, outputs: Sequence[Value], remainders: bool) -> Iterator[int]:
    """Yield the moduli to try; 0 stands for ℤ."""
    if not truth:
        yield 0
        if not remainders or min(outputs) < 0 or max(outputs) >= _MOST_OUTPUTS:
            return
    if remainders:
        yield 2 if truth else max(outputs) + 1


def _program(
    signature: Signature, table: Mapping[Value, int], constant: int, modulus: int
) -> Program:
    [(name, type_)] = signature.parameters
    cost = _SUM + _VARIABLE + _TABLE + sum(map(_key_bits, table))
    weights = set(table.values())
    if len(weights) == 1:
        [weight] = weights
        members = repr("".join(table)) if type_ == STR else repr(tuple(table))
        python = f"sum(y in {members} for y in xs)"
        if weight != 1:
            python = f"{weight} * {python}"
            cost += _TIMES + table_bits([weight])
    else:
        python = f"sum({dict(table)}.get(y, 0) for y in xs)"
        cost += table_bits(table.values())
    odd = signature.result == BOOL and not constant
    if constant and signature.result == INT:
        python += f" + {constant}" if constant > 0 else f" - {-constant}"
        cost += _TIMES + table_bits([constant])
    if modulus:
        python = f"({python}) % {modulus}"
        cost += _REMAINDER
    if signature.result == BOOL:
        python += f" == {int(odd)}"
    tabled = Primitive.outside("additive_table", (("xs", type_),), signature.result, cost, python)
    return Program(signature, Apply(tabled, (Variable(name),)), cost)


def _key_bits(key: Value) -> int:
    """Return the bits of an element; a character takes seven."""
    return 7 if isinstance(key, str) and len(key) == 1 else table_bits([key])
