"""The operators of the theories: their sorts, their Python source and their z3 terms."""

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from typing import Any

import z3

from dlcompare.synthesis.sygus.regular import CHAINS, REGULAR
from dlcompare.synthesis.sygus.syntax import BOOL, INT, REGLAN, STRING, Sort

__all__ = ["OLD_NAMES", "OPERATORS", "apply_z3", "python_source", "result_sort"]

Z3 = Any

OLD_NAMES = {
    "str.to.int": "str.to_int",
    "int.to.str": "str.from_int",
    "str.to-int": "str.to_int",
    "int.to-str": "str.from_int",
    "str.in.re": "str.in_re",
    "str.to.re": "str.to_re",
    "re.nostr": "re.none",
}
"""Spellings of earlier versions of the format, which a file may also define as functions."""

_STRINGS: dict[str, tuple[tuple[Sort, ...], Sort, str, Callable[..., Z3]]] = {
    "str.len": ((STRING,), INT, "len({0})", z3.Length),
    "str.at": ((STRING, INT), STRING, "at({0}, {1})", lambda s, i: z3.SubString(s, i, 1)),
    "str.substr": ((STRING, INT, INT), STRING, "substr({0}, {1}, {2})", z3.SubString),
    "str.prefixof": ((STRING, STRING), BOOL, "{1}.startswith({0})", z3.PrefixOf),
    "str.suffixof": ((STRING, STRING), BOOL, "{1}.endswith({0})", z3.SuffixOf),
    "str.contains": ((STRING, STRING), BOOL, "({1} in {0})", z3.Contains),
    "str.indexof": ((STRING, STRING, INT), INT, "indexof({0}, {1}, {2})", z3.IndexOf),
    "str.replace": ((STRING,) * 3, STRING, "{0}.replace({1}, {2}, 1)", z3.Replace),
    "str.replace_all": (
        (STRING,) * 3,
        STRING,
        "replace_all({0}, {1}, {2})",
        lambda s, t, u: z3.SeqRef(
            z3.Z3_mk_seq_replace_all(s.ctx_ref(), s.as_ast(), t.as_ast(), u.as_ast()), s.ctx
        ),
    ),
    "str.to_int": ((STRING,), INT, "to_int({0})", z3.StrToInt),
    "str.from_int": ((INT,), STRING, "from_int({0})", z3.IntToStr),
    "str.is_digit": (
        (STRING,),
        BOOL,
        "is_digit({0})",
        lambda s: z3.And(z3.Length(s) == 1, z3.StrToInt(s) >= 0),
    ),
    "str.to_code": ((STRING,), INT, "to_code({0})", z3.StrToCode),
    "str.from_code": ((INT,), STRING, "from_code({0})", z3.StrFromCode),
    "str.<": ((STRING, STRING), BOOL, "({0} < {1})", lambda s, t: s < t),
    "str.<=": ((STRING, STRING), BOOL, "({0} <= {1})", lambda s, t: s <= t),
}

_STRINGS |= REGULAR

_BITS: dict[str, Callable[..., Z3]] = {
    "bvadd": lambda x, y: x + y,
    "bvsub": lambda x, y: x - y,
    "bvmul": lambda x, y: x * y,
    "bvudiv": z3.UDiv,
    "bvurem": z3.URem,
    "bvsdiv": lambda x, y: x / y,
    "bvsrem": z3.SRem,
    "bvsmod": lambda x, y: x % y,
    "bvshl": lambda x, y: x << y,
    "bvlshr": z3.LShR,
    "bvashr": lambda x, y: x >> y,
    "bvand": lambda x, y: x & y,
    "bvor": lambda x, y: x | y,
    "bvxor": lambda x, y: x ^ y,
    "bvneg": lambda x: -x,
    "bvnot": lambda x: ~x,
}
_BIT_INFIX = {"bvand": "&", "bvor": "|", "bvxor": "^"}
_ASSOCIATIVE_BITS = {"bvadd", "bvmul", "bvand", "bvor", "bvxor"}
_UNSIGNED = {"bvult": "<", "bvule": "<=", "bvugt": ">", "bvuge": ">="}
_SIGNED = {"bvslt": "<", "bvsle": "<=", "bvsgt": ">", "bvsge": ">="}
_COMPARE_Z3: dict[str, Callable[[Z3, Z3], Z3]] = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "bvult": z3.ULT,
    "bvule": z3.ULE,
    "bvugt": z3.UGT,
    "bvuge": z3.UGE,
    "bvslt": lambda x, y: x < y,
    "bvsle": lambda x, y: x <= y,
    "bvsgt": lambda x, y: x > y,
    "bvsge": lambda x, y: x >= y,
}
_INTEGER = {"+", "-", "*", "div", "mod", "abs"}
_LOGIC = {"and", "or", "not", "xor", "=>"}
_INDEXED = {"extract", "zero_extend", "sign_extend"}

OPERATORS = frozenset(
    {*_STRINGS, *CHAINS, *_BITS, *_COMPARE_Z3, *_INTEGER, *_LOGIC, *_INDEXED}
    | {"str.++", "=", "distinct", "ite", "bvcomp", "concat", "true", "false"}
)
"""Names that a file cannot redefine."""


def result_sort(op: str, indices: tuple[int, ...], sorts: Sequence[Sort]) -> Sort | None:
    """Return the sort of an operator's result; None if it does not take operands of these sorts."""
    count = len(sorts)
    if indices and op not in _INDEXED:
        return None
    same = count > 0 and all(sort == sorts[0] for sort in sorts)
    if op in _STRINGS:
        takes, gives = _STRINGS[op][:2]
        return gives if tuple(sorts) == takes else None
    if op in CHAINS:
        return REGLAN if same and sorts[0] == REGLAN and count >= 2 else None
    if op == "str.++":
        return STRING if same and sorts[0] == STRING else None
    if op in ("=", "distinct"):
        return BOOL if same and count >= 2 else None
    if op == "ite":
        return sorts[1] if count == 3 and sorts[0] == BOOL and sorts[1] == sorts[2] else None
    if op in _LOGIC:
        fits = count == 1 if op == "not" else count >= (2 if op in ("xor", "=>") else 1)
        return BOOL if fits and same and sorts[0] == BOOL else None
    if op in _INTEGER:
        fits = count == 1 if op == "abs" else count == 2 if op in ("div", "mod") else count >= 1
        return INT if fits and same and sorts[0] == INT else None
    if op in ("<", "<=", ">", ">="):
        return BOOL if same and count >= 2 and sorts[0] == INT else None
    if not (count and all(sort.width for sort in sorts)):
        return None
    width = sorts[0].width
    if op in _UNSIGNED or op in _SIGNED:
        return BOOL if same and count == 2 else None
    if op == "bvcomp":
        return Sort("BitVec", 1) if same and count == 2 else None
    if op in _BITS:
        arity = 1 if op in ("bvneg", "bvnot") else 2
        fits = count == arity or (op in _ASSOCIATIVE_BITS and count > 2)
        return sorts[0] if same and fits else None
    if op == "concat":
        return Sort("BitVec", sum(sort.width for sort in sorts))
    if op == "extract" and count == 1 and len(indices) == 2 and width > indices[0] >= indices[1]:
        return Sort("BitVec", indices[0] - indices[1] + 1)
    if op in ("zero_extend", "sign_extend") and count == 1 and len(indices) == 1:
        return Sort("BitVec", width + indices[0])
    return None


def python_source(
    op: str, indices: tuple[int, ...], args: Sequence[str], sorts: Sequence[Sort]
) -> str:
    """Return a Python expression for an operator on operands that are expressions themselves.

    Parameters
    ----------
    op : str
    indices : tuple of int
        Indices of an indexed operator.
    args : sequence of str
        Python expressions of the operands.
    sorts : sequence of Sort
        Sorts of the operands.
    """
    if op in _STRINGS:
        return _STRINGS[op][2].format(*args)
    if op in CHAINS:
        return reduce(lambda x, y: f"('{CHAINS[op][0]}', {x}, {y})", args)
    width = sorts[0].width
    if op == "ite":
        return f"({args[1]} if {args[0]} else {args[2]})"
    if op == "=":
        return f"({' == '.join(args)})"
    if op == "distinct":
        return f"(len({{{', '.join(args)}}}) == {len(args)})"
    if op == "not":
        return f"(not {args[0]})"
    if op == "=>":
        premises = " or ".join(f"not {arg}" for arg in args[:-1])
        return f"({premises} or {args[-1]})"
    if op == "-" and len(args) == 1:
        return f"(-{args[0]})"
    if op in ("div", "mod", "abs"):
        return f"{op}({', '.join(args)})"
    if op in ("and", "or", "+", "-", "*", "<", "<=", ">", ">=", "str.++", "xor"):
        sign = {"str.++": "+", "xor": "^"}.get(op, op)
        return f"({f' {sign} '.join(args)})"
    if op in _UNSIGNED:
        return f"({args[0]} {_UNSIGNED[op]} {args[1]})"
    if op in _SIGNED:
        return f"(signed({width}, {args[0]}) {_SIGNED[op]} signed({width}, {args[1]}))"
    if op == "bvcomp":
        return f"int({args[0]} == {args[1]})"
    if op in _BIT_INFIX:
        return f"({f' {_BIT_INFIX[op]} '.join(args)})"
    if op in ("bvneg", "bvnot"):
        return f"{op}({width}, {args[0]})"
    if op in _BITS:
        return reduce(lambda x, y: f"{op}({width}, {x}, {y})", args)
    if op == "concat":
        joined, bits = args[0], [sort.width for sort in sorts]
        for arg, more in zip(args[1:], bits[1:], strict=True):
            joined = f"({joined} << {more} | {arg})"
        return joined
    if op == "extract":
        return f"extract({indices[0]}, {indices[1]}, {args[0]})"
    if op == "zero_extend":
        return args[0]
    if op == "sign_extend":
        return f"sign_extend({width}, {indices[0]}, {args[0]})"
    raise AssertionError(f"operator {op!r} has a sort but no source")


def apply_z3(op: str, indices: tuple[int, ...], args: Sequence[Z3]) -> Z3:
    """Return the z3 term of an operator."""
    if op in _STRINGS:
        return _STRINGS[op][3](*args)
    if op in CHAINS:
        return CHAINS[op][1](*args)
    if op in _COMPARE_Z3:
        compare = _COMPARE_Z3[op]
        parts = [compare(x, y) for x, y in pairwise(args)]
        return parts[0] if len(parts) == 1 else z3.And(*parts)
    if op in _BITS:
        return _BITS[op](args[0]) if len(args) == 1 else reduce(_BITS[op], args)
    simple: dict[str, Callable[[], Z3]] = {
        "ite": lambda: z3.If(*args),
        "=": lambda: z3.And(*(x == y for x, y in pairwise(args))),
        "distinct": lambda: z3.Distinct(*args),
        "not": lambda: z3.Not(args[0]),
        "and": lambda: z3.And(*args),
        "or": lambda: z3.Or(*args),
        "xor": lambda: reduce(z3.Xor, args),
        "=>": lambda: z3.Implies(z3.And(*args[:-1]), args[-1]),
        "+": lambda: z3.Sum(*args),
        "-": lambda: -args[0] if len(args) == 1 else reduce(lambda x, y: x - y, args),
        "*": lambda: z3.Product(*args),
        # Division by zero stays undefined, as in SMT-LIB; an answer holds for any value.
        "div": lambda: args[0] / args[1],
        "mod": lambda: args[0] % args[1],
        "abs": lambda: z3.If(args[0] >= 0, args[0], -args[0]),
        "str.++": lambda: args[0] if len(args) == 1 else z3.Concat(*args),
        "concat": lambda: args[0] if len(args) == 1 else z3.Concat(*args),
        "bvcomp": lambda: z3.If(args[0] == args[1], z3.BitVecVal(1, 1), z3.BitVecVal(0, 1)),
        "extract": lambda: z3.Extract(indices[0], indices[1], args[0]),
        "zero_extend": lambda: z3.ZeroExt(indices[0], args[0]),
        "sign_extend": lambda: z3.SignExt(indices[0], args[0]),
    }
    return simple[op]()
