"""The bank of terms, its hash table, and queries on it; `enumeration` makes it grow."""

from typing import Any, NamedTuple

import numpy as np

from dlcompare.synthesis.compiled.loops.jit import from_python, inlined
from dlcompare.synthesis.compiled.loops.pointers import int32_at, pointer
from dlcompare.synthesis.compiled.packing import FUNCTIONS_FROM, WIDE_FROM
from dlcompare.synthesis.dsl.primitives.primitive import INVALID

# The words of `Bank.state`; WORDS are those in use of `Bank.words`.
TERMS, WORDS, CANDIDATES, MATCHED = 0, 1, 2, 3

DEEPEST = 48
"""The most operations in one body."""


class TermTable(NamedTuple):
    """The terms so far; an op below zero is a variable, -1 - index."""

    ops: Any  # (capacity,) int16
    args: Any  # (capacity, 3) int32: terms, or functions
    starts: Any  # (capacity,) int64: the address where the words of a term begin
    words: Any  # (capacity in words,) int32: where those of new terms go, room for more behind
    table: Any  # (power of two,) uint64: hashes met, 0 is free
    keys: Any  # (words of the largest term,) uint64: odd, random
    state: Any  # (4,) int64


class Functions(NamedTuple):
    """Function bodies as register code.

    The first two registers are the parameters, followed by the free variables and one register per
    operation. The results of a frequently applied function of one scalar are tabulated on the rows
    of a bank, since bodies are pure and their arguments are mostly small.
    """

    code: Any  # (functions, deepest, 4) int64: kernel and three registers
    sizes: Any  # (functions,) int64: operations; negative where one takes or makes a list
    tabulated: Any  # (functions,) int64: whether it takes one scalar and gives one
    values: Any  # (tables * rows * TABULATED,) int32: results in every row
    ready: Any  # (functions,) int64: in which table they are, from 1; 0 is in none
    registers: Any  # (2 + free + DEEPEST,) int64: for running a body over scalars
    scratch: Any  # ((2 + DEEPEST) * SLOT,) int32: for running another
    forms: Any  # (kernels, 4) int64: forms of arguments and result
    variables: Any  # (rows, free, SLOT) int32: the free variables
    context: Any  # (CONTEXT,) int64


@inlined
def hash_pointer(words: Any, start: int, count: int, keys: Any, salt: int) -> Any:
    """Return the hash of words behind a pointer; it is odd, since 0 marks a free place.

    Parameters
    ----------
    words : pointer
        The memory of the term.
    start, count : int
        The first word, and the number of words.
    keys : pointer
        Odd random numbers, uint64.
    salt : int
        The kind.
    """
    total = np.uint64(salt)
    for i in range(count):
        total += np.uint64(np.int64(words[start + i])) * keys[i]
    total ^= total >> np.uint64(32)
    total *= np.uint64(0xD6E8FEB86659FD93)
    total ^= total >> np.uint64(29)
    return total | np.uint64(1)


@from_python
def hash_words(words: Any, start: int, count: int, keys: Any, salt: int) -> Any:
    """Return the hash of a term of kind `salt`.

    Parameters
    ----------
    words : array
        The memory of the term, flat.
    start, count : int
        The first word, and the number of words.
    keys : array
        Odd random numbers (at least `count`,) uint64.
    salt : int
        The kind.
    """
    return hash_pointer(pointer(words), start, count, pointer(keys), salt)


@inlined
def known_pointer(table: Any, mask: Any, value: Any) -> bool:
    """Return whether a hash is in a table behind a pointer; insert it if not."""
    at = (value >> np.uint64(1)) & mask
    while True:
        there = table[at]
        if there == value:
            return True
        if there == np.uint64(0):
            table[at] = value
            return False
        at = (at + np.uint64(1)) & mask


@from_python
def known(table: Any, value: Any) -> bool:
    """Return whether a hash is in the table; insert it if not."""
    return known_pointer(pointer(table), np.uint64(table.size - 1), value)


@from_python
def rehash(old: Any, table: Any) -> None:
    """Insert the hashes of one table into a larger one."""
    memory, mask = pointer(table), np.uint64(table.size - 1)
    for value in old:
        if value != np.uint64(0):
            known_pointer(memory, mask, value)


@from_python
def linearise(
    bank: TermTable, kinds: Any, numbers: Any, variables: int, root: int, code: Any, stack: Any
) -> int:
    """Write a term as register code, parents first; return its length, or INVALID.

    Registers: the variables, then one per operation. The code runs from the last operation to the
    first and leaves the result in the register after the variables.

    Parameters
    ----------
    bank : TermTable
    kinds : array
        The pools of the arguments of each operation, below 0 for none (operations, 3) int64.
    numbers : array
        The kernel of each operation (operations,) int64.
    variables : int
        The number of variables.
    root : int
        The term.
    code : array
        Receives kernel and three registers by operation (DEEPEST, 4) int64.
    stack : array
        Working memory (DEEPEST + 1,) int64.
    """
    if bank.ops[root] < 0:
        return INVALID
    stack[0] = root
    count, at = 1, 0
    while at < count:
        term = stack[at]
        op = bank.ops[term]
        code[at, 0] = numbers[op]
        for k in range(3):
            kind = kinds[op, k]
            if kind < 0:
                break
            child = bank.args[term, k]
            if kind >= FUNCTIONS_FROM:
                code[at, 1 + k] = child
            elif bank.ops[child] < 0:
                code[at, 1 + k] = -1 - bank.ops[child]
            else:
                if count == DEEPEST:
                    return INVALID
                code[at, 1 + k] = variables + count
                stack[count] = child
                count += 1
        at += 1
    return count


@from_python
def write_functions(
    bank: TermTable,
    kinds: Any,
    numbers: Any,
    bodies: Any,
    first: int,
    parameters: int,
    tabulated: bool,
    larger: int,
    functions: Functions,
) -> None:
    """Write the code of bodies, numbered from `first`; a body that is too deep always rejects.

    The bank's variables are one or two parameters, then the free variables; the code always has two
    parameters. A body that is a single variable v runs as max(v, v).

    Parameters
    ----------
    bank : TermTable
        The bank of the bodies.
    kinds : array
        The pools of the arguments of each operation, below 0 for none (operations, 3) int64.
    numbers : array
        The kernel of each operation (operations,) int64.
    bodies : array
        The terms that are bodies (bodies,).
    first : int
        The number of the first function.
    parameters : int
        The number of parameters, 1 or 2.
    tabulated : bool
        Whether the functions take one scalar and give one.
    larger : int
        The kernel of max.
    functions : Functions
        Receives the code.
    """
    stack = np.zeros(DEEPEST + 1, np.int64)
    for at in range(bodies.size):
        f = first + at
        variables = parameters + functions.variables.shape[1]
        code = functions.code[f]
        count = max(linearise(bank, kinds, numbers, variables, bodies[at], code, stack), 0)
        alone = -1 - bank.ops[bodies[at]]
        if alone >= 0:
            code[0, 0], code[0, 1], code[0, 2], count = larger, alone, alone, 1
        listless = True
        for i in range(count):
            for k in range(4):
                form = functions.forms[code[i, 0], k]
                listless = listless and form != 1
            for k in range(1, 4):
                if code[i, k] >= parameters:
                    code[i, k] += 2 - parameters
        functions.sizes[f] = count if listless else -count
        functions.tabulated[f] = tabulated


@from_python
def uses_parameters(bank: TermTable, kinds: Any, terms: Any, parameters: int, uses: Any) -> None:
    """Record as bits the parameters that occur in each term, given those of its arguments.

    Parameters
    ----------
    bank : TermTable
    kinds : array
        The pools of the arguments of each operation, below 0 for none (operations, 3) int64.
    terms : array
        Terms whose arguments are recorded or come earlier (terms,).
    parameters : int
        The number of parameters, which are the first variables.
    uses : array
        The bits of every term of the bank (capacity,); overwritten for `terms`.
    """
    for at in range(terms.size):
        term = terms[at]
        op = bank.ops[term]
        found = 0
        if op < 0:
            found = 1 << (-1 - op) if -1 - op < parameters else 0
        else:
            for k in range(3):
                if kinds[op, k] >= 0:
                    found |= uses[bank.args[term, k]]
        uses[term] = found


@from_python
def agreement(bank: TermTable, terms: Any, kind: int, rows: int, target: Any) -> Any:
    """Return for each term, as bits, the rows on which it equals `target`.

    Parameters
    ----------
    bank : TermTable
    terms : array
        Terms of one kind (terms,).
    kind : int
    rows : int
    target : array
        The packed values to compare with (words,).
    """
    masks = np.zeros(terms.size, np.int64)
    for at in range(terms.size):
        words = int32_at(bank.starts[terms[at]])
        here, there = rows, rows
        for row in range(rows):
            size, wanted = words[row], target[row]
            same = size == wanted
            if kind >= WIDE_FROM:
                for i in range(size if same else 0):
                    same = same and words[here + i] == target[there + i]
                here += size
                there += wanted
            if same:
                masks[at] |= np.int64(1) << row
    return masks


@from_python
def inside(bank: TermTable, terms: Any, kind: int, rows: int, target: Any) -> Any:
    """Return for each term whether it occurs in `target` on every row, (terms,) bool.

    A scalar occurs as a word, a list or a string as a run of words; if empty on all rows, a term
    does not occur.

    Parameters
    ----------
    bank : TermTable
    terms : array
        Terms of one kind (terms,).
    kind : int
    rows : int
    target : array
        The packed values to compare with (words,).
    """
    found = np.zeros(terms.size, np.bool_)
    for at in range(terms.size):
        words = int32_at(bank.starts[terms[at]])
        here, there, everywhere, empty = rows, rows, True, True
        for row in range(rows):
            size = words[row] if kind >= WIDE_FROM else 1
            first = here if kind >= WIDE_FROM else row
            somewhere = False
            for place in range(target[row] - size + 1):
                same = True
                for i in range(size):
                    same = same and words[first + i] == target[there + place + i]
                somewhere = somewhere or same
            everywhere = everywhere and somewhere
            empty = empty and size == 0
            here += size if kind >= WIDE_FROM else 0
            there += target[row]
            if not everywhere:
                break
        found[at] = everywhere and not empty
    return found


@from_python
def rearranged(bank: TermTable, terms: Any, kind: int, rows: int, target: Any) -> Any:
    """Return for each term whether it may have the words of `target` in another order.

    On every row it has as many words, with the same sum and the same sum of squares, (terms,) bool.

    Parameters
    ----------
    bank : TermTable
    terms : array
        Terms of one kind, lists or strings (terms,).
    kind : int
    rows : int
    target : array
        The packed values to compare with (words,).
    """
    found = np.zeros(terms.size, np.bool_)
    for at in range(terms.size if kind >= WIDE_FROM else 0):
        words = int32_at(bank.starts[terms[at]])
        here, same = rows, True
        for row in range(rows):
            size = words[row]
            if size != target[row]:
                same = False
                break
            total, squares = np.int64(0), np.int64(0)
            for i in range(here, here + size):
                word, other = np.int64(words[i]), np.int64(target[i])
                total += word - other
                squares += word * word - other * other
            if total != 0 or squares != 0:
                same = False
                break
            here += size
        found[at] = same
    return found


@from_python
def first_words(bank: TermTable, terms: Any, count: int) -> Any:
    """Return the first words of some terms. Shape (terms, count)."""
    found = np.empty((terms.size, count), np.int32)
    for at in range(terms.size):
        words = int32_at(bank.starts[terms[at]])
        for i in range(count):
            found[at, i] = words[i]
    return found
