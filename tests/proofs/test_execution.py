"""Symbolic execution means what Python means: one path holds for an input, and has its answer."""

import itertools
import time

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.proofs.shapes import characters_of
from dlcompare.synthesis.proofs.symbolic.execution import Execution
from dlcompare.synthesis.proofs.symbolic.symbols import atom, truth_variable
from dlcompare.synthesis.proofs.symbolic.values import Raised, Sequence, is_truth, text
from dlcompare.synthesis.proofs.symbolic.z3_terms import Terms
from dlcompare.synthesis.proofs.verify import parsed

NUMBERS = st.integers(-4, 4)


def shaped(value, names):
    """A symbolic value of the same shape, and what its variables stand for."""
    if isinstance(value, list):
        return Sequence("list", tuple(shaped(each, names) for each in value))
    if isinstance(value, str):
        return text(tuple(shaped(ord(each), names) for each in value))
    name = f"v{len(names)}"
    names[name] = value
    return truth_variable(name) if isinstance(value, bool) else atom("variable", name)


def settled(value, terms, pairs):
    """The Python value of a symbolic one, its variables being known."""
    if isinstance(value, Sequence):
        made = [settled(each, terms, pairs) for each in value.items]
        if value.kind == "text":
            return "".join(map(chr, made))
        return tuple(made) if value.kind == "tuple" else made
    if isinstance(value, bool | int | str) or value is None:
        return value
    term = terms.truth(value) if is_truth(value) else terms.integer(value)
    found = z3.simplify(z3.substitute(term, *pairs))
    return z3.is_true(found) if is_truth(value) else found.as_long()


def executed(source, arguments):
    """Return the outcome of symbolic execution on the one path that holds for the arguments."""
    known = {}
    symbolic = [shaped(each, known) for each in arguments]
    run = Execution(10, time.monotonic() + 60)
    terms = Terms()
    pairs = [
        (z3.Bool(name), z3.BoolVal(value))
        if isinstance(value, bool)
        else (z3.Int(name), z3.IntVal(value))
        for name, value in known.items()
    ]
    found = [
        result
        for path, result in run.call(parsed(source), symbolic, characters_of(symbolic))
        if all(settled(each, terms, pairs) for each in path.assumed)
    ]
    (result,) = found
    return result if isinstance(result, Raised) else settled(result, terms, pairs)


def by_python(source, arguments):
    namespace = {}
    exec(source, namespace)
    try:
        return namespace["f"](*arguments)
    except Exception as error:
        return Raised(type(error).__name__)


BODIES = {
    ("int", "int"): ("lambda y: 2 * y - 1",),
    ("int", "bool"): ("lambda y: y < 2", "lambda y: y % 2 == 0"),
    ("int", "int", "int"): ("lambda y, z: y - z", "lambda y, z: y if y < z else z"),
    ("int", "int", "bool"): ("lambda y, z: y < z",),
    ("int", "list"): ("lambda y: [y, y + 1]",),
    ("str", "bool"): ("lambda y: y < 'b'", "lambda y: y in 'aA '"),
    ("str", "str"): ("lambda y: y.upper()", "lambda y: y + '-'"),
}
VALUES = {"int": NUMBERS, "bool": st.booleans()}
LISTS = st.lists(NUMBERS, max_size=3)
VALUES |= {"str": st.text("abA1 -_", max_size=3), "list": LISTS, "flat": LISTS, "wide": LISTS}


VALUES |= {"strings": st.lists(VALUES["str"], max_size=2)}
TYPES = ("list[int]", "list[str]", *VALUES)


def integral(type_):
    """The type with int for scalars of any type."""
    return type_.replace("scalar too", "int").replace("scalar", "int")


def sources(primitive):
    """Functions that apply a primitive to their arguments; none where its types are not covered."""
    functions = [(name, type_) for name, type_ in primitive.parameters if type_.name == "function"]
    plain = [(name, type_) for name, type_ in primitive.parameters if type_.name != "function"]
    kinds = [tuple(integral(part.name) for part in type_.parameters) for _, type_ in functions]
    covered = all(integral(str(type_)) in TYPES for _, type_ in plain)
    if not covered or primitive.name == "to_text" or not all(kind in BODIES for kind in kinds):
        return [], plain
    imports = [
        "from {} import {}".format(*name.rsplit(".", 1))
        for name in getattr(primitive, "imports", ())
    ]
    made = []
    for chosen in itertools.product(*(BODIES[kind] for kind in kinds)):
        bound = [f"    {name} = {body}" for (name, _), body in zip(functions, chosen, strict=True)]
        head = f"def f({', '.join(name for name, _ in plain)}):"
        made.append("\n".join([*imports, head, *bound, f"    return {primitive.python}", ""]))
    return made, plain


READ = [name for name, primitive in PRIMITIVES.items() if sources(primitive)[0]]


@pytest.mark.parametrize("name", READ)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_the_reading_of_a_primitive_in_logic_is_its_python(name, data):
    programs, parameters = sources(PRIMITIVES[name])
    source = data.draw(st.sampled_from(programs))
    arguments = [
        data.draw(VALUES["strings" if str(type_) == "list[str]" else integral(type_.name)], name)
        for name, type_ in parameters
    ]
    assert executed(source, arguments) == by_python(source, arguments)


def test_most_primitives_are_read():
    integers = [
        primitive
        for primitive in PRIMITIVES.values()
        if all(str(type_) in ("function", *TYPES) for _, type_ in primitive.parameters)
    ]
    assert len(READ) >= 0.8 * len(integers)


PROGRAMS = {
    "insertion": """
def f(xs):
    acc = []
    for x in xs:
        acc = [y for y in acc if y < x] + [x] + [y for y in acc if not y < x]
    return acc
""",
    "builtins": """
def f(xs, n):
    return sorted(set(xs)), min(xs + [n]), max(xs, default=n), sum(x for x in xs if x > n), n in xs
""",
    "positions": "def f(xs, n): return xs[n], xs[n:], xs[:n], xs.index(n), xs.count(n)",
    "division": "def f(a, b): return a // b, a % b, divmod(-a, 3), (a * b) ** 2",
    "statements": """
def f(xs, n):
    best = last = None
    for i, x in enumerate(xs):
        if x == n:
            continue
        if best is None or x > best:
            best = x
        elif x == best:
            break
        last = i
    return best, last
""",
    "loop": """
def f(n, m):
    count = 0
    while n > 0 and count < 6:
        n -= abs(m)
        count += 1
    return count, n
""",
    "keys": "def f(xs): return sorted(xs, key=lambda x: (abs(x), x)), sorted(xs, reverse=True)",
    "short circuit": "def f(xs, n): return n != 0 and 6 // n > 1 or bool(xs) and xs[0] > 0",
    "nested": "def f(xs, ys): return [x for x in xs for y in ys if x < y], list(zip(xs, ys))",
    "choice": "def f(xs, n): return (xs if n > 1 else [n]) + ([0] if len(xs) > 2 else [])",
}
PROGRAMS |= {
    "texts": """
def f(s, t):
    first, *rest = s.split(t[:1] or "-")
    return f"{first}.{len(rest)}", t.title(), s.strip(), s.lstrip("a"), t.rstrip(), s.isalnum()
""",
    "places": "def f(s, t): return s.find(t), s.rfind(t), s.count('a'), s.rpartition('a'), t in s",
    "codes": "def f(s): return [ord(c) - 1 for c in s], ''.join(chr(ord(c) + 1) for c in s), s * 2",
    "numbers": "def f(digits, n): return int(digits) + n, 'abc'[n], [digits[n:]]",
    "characters": "def f(s, t): return sorted(s), s < t, max(s.split(), key=len, default=t)",
}
DIGITS = st.text("012 -+_a", max_size=3)
ARGUMENTS = {
    "s": VALUES["str"],
    "t": VALUES["str"],
    "digits": DIGITS,
    "xs": LISTS,
    "ys": LISTS,
    "n": NUMBERS,
    "m": NUMBERS,
    "a": NUMBERS,
    "b": NUMBERS,
}


@pytest.mark.parametrize("name", PROGRAMS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_program_is_executed_as_python_does(name, data):
    source = PROGRAMS[name]
    names = [each.arg for each in parsed(source).node.args.args]
    arguments = [data.draw(ARGUMENTS[each], each) for each in names]
    assert executed(source, arguments) == by_python(source, arguments)
