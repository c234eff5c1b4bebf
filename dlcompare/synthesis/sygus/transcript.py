"""A SyGuS file as an SMT-LIB script that z3 reads itself, independently of this package's reader.

Commands are rewritten as expressions. Definitions and terms stay as they are, a function to be
synthesized becomes its printed answer or a declaration, and the constraints become assertions.
Everything that the file names is renamed, which preserves the meaning and prevents z3 from taking a
name for one of its operators. Spellings of earlier versions of the format are replaced.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import z3

from dlcompare.synthesis.sygus.literals import literal, print_symbol, print_value
from dlcompare.synthesis.sygus.operators import OLD_NAMES
from dlcompare.synthesis.sygus.sexpr import Form, SExpr, Token, parse
from dlcompare.synthesis.sygus.syntax import STRING

__all__ = ["Transcript", "UnreadableError"]

_DECLARES = {"define-sort", "define-fun", "define-const", "synth-fun", "synth-inv", "declare-var"}


class UnreadableError(Exception):
    """z3 cannot read a file; the message is z3's."""


class Transcript:
    """The script of a file, and what z3 reads there.

    Parameters
    ----------
    script : sequence of SExpr
        The commands of the file, which `reader.read` has accepted.
    answers : sequence of str, optional
        A printed ``define-fun`` for each function to be synthesized. Without them the functions are
        declared only.

    Attributes
    ----------
    constants : list of str
        Names of the universally quantified variables, in the order of the file.
    functions : list of str
        Names of the functions to be synthesized.
    """

    def __init__(self, script: Sequence[SExpr], answers: Sequence[str] | None = None) -> None:
        self.symbols = {text for form in script for text in _symbols(form)}
        self.answers = None if answers is None else list(chain.from_iterable(map(parse, answers)))
        self.names: dict[str, str] = {}
        """The new names of the file's functions and variables in applications."""
        self.alone: dict[str, str] = {}
        """The new names of variables and functions without parameters outside applications."""
        self.sorts: dict[str, str] = {}
        self.constants: list[str] = []
        self.functions: list[str] = []
        self.states: dict[str, tuple[list[str], list[str]]] = {}
        self.params: dict[str, tuple[SExpr, ...]] = {}
        self.lines: list[str] = []
        self.claims: list[str] = []
        self.premises: list[str] = []
        for form in script:
            assert isinstance(form, Form)
            if _text(form.items[0]) in _DECLARES and _text(form.items[1]) not in OLD_NAMES:
                self._name(form.items[1])
        for form in script:
            assert isinstance(form, Form)
            self._command(_text(form.items[0]), form.items[1:])

    def read(self) -> list[Any]:
        """Return the constraints, as z3 terms.

        Raises
        ------
        UnreadableError
            If z3 cannot read the script.
        """
        premise = f"(and true {' '.join(self.premises)})"
        claims = [f"(=> {premise} {claim})" if self.premises else claim for claim in self.claims]
        text = "\n".join([*self.lines, *(f"(assert {claim})" for claim in claims)])
        try:
            read = list(z3.parse_smt2_string(text))
        except z3.Z3Exception as error:
            said = error.value.decode() if isinstance(error.value, bytes) else str(error)
            raise UnreadableError(said.strip()) from error
        if len(read) != len(claims):
            raise UnreadableError(f"{len(claims)} constraints were given, {len(read)} were read")
        return read

    def _name(self, form: SExpr, *, alone: bool = False) -> str:
        """Return the name that stands for one of the file from now on."""
        if _text(form) not in self.names:
            self.names[_text(form)] = self._unused(_text(form))
        if alone:
            self.alone[_text(form)] = self.names[_text(form)]
        return self.names[_text(form)]

    def _bound(self, form: SExpr) -> str:
        """Return the name of a parameter or of what ``let`` binds."""
        if _text(form) not in self.alone:
            self.alone[_text(form)] = self._unused(_text(form))
        return print_symbol(self.alone[_text(form)])

    def _unused(self, name: str) -> str:
        name = f"{name} of the file"
        while name in self.symbols:
            name += "!"
        self.symbols.add(name)
        return name

    def _command(self, head: str, rest: Sequence[SExpr]) -> None:
        if head == "define-sort":
            sort = self._sort(rest[2])
            self.sorts[_text(rest[0])] = self._unused(_text(rest[0]))
            self.lines.append(f"(define-sort |{self.sorts[_text(rest[0])]}| () {sort})")
        elif head == "define-fun":
            self._define(*rest)
        elif head == "define-const":
            self._define(rest[0], Form((), 0), *rest[1:])
        elif head in ("declare-var", "declare-primed-var"):
            self._declare(self._name(rest[0], alone=True), rest[1])
            if head == "declare-primed-var":
                primed = Token(f"{_text(rest[0])}!", 0, quoted=True)
                self._declare(self._name(primed, alone=True), rest[1])
        elif head == "synth-fun":
            self._synthesize(*rest[:3])
        elif head == "synth-inv":
            self._synthesize(rest[0], rest[1], Token("Bool", 0))
        elif head == "constraint":
            self.claims.append(self._term(rest[0]))
        elif head == "assume":
            self.premises.append(self._term(rest[0]))
        elif head == "inv-constraint":
            self._invariant(*rest)

    def _define(self, name: SExpr, params: SExpr, sort: SExpr, body: SExpr) -> None:
        # The body comes first: in it the name still means what it did before.
        shown = list(self._params(params))
        written = self._term(body)
        own = self._name(name, alone=not shown)
        self.lines.append(
            f"(define-fun {print_symbol(own)} ({' '.join(shown)}) {self._sort(sort)} {written})"
        )

    def _params(self, params: SExpr) -> Iterator[str]:
        assert isinstance(params, Form)
        for item in params.items:
            assert isinstance(item, Form)
            yield f"({self._bound(item.items[0])} {self._sort(item.items[1])})"

    def _declare(self, name: str, sort: SExpr) -> None:
        if name not in self.constants:
            self.constants.append(name)
            self.lines.append(f"(declare-const {print_symbol(name)} {self._sort(sort)})")

    def _synthesize(self, name: SExpr, params: SExpr, sort: SExpr) -> None:
        assert isinstance(params, Form)
        self.params[_text(name)] = params.items
        own = self._name(name, alone=not params.items)
        self.functions.append(own)
        if self.answers is None:
            sorts = " ".join(self._sort(item.items[1]) for item in params.items)  # type: ignore[union-attr]
            self.lines.append(f"(declare-fun {print_symbol(own)} ({sorts}) {self._sort(sort)})")
            return
        for answer in self.answers:
            assert isinstance(answer, Form)
            _, answered, *parts = answer.items
            if self.names.get(_text(answered)) == own:
                self._define(answered, *parts)

    def _invariant(self, *names: SExpr) -> None:
        """The three constraints of an invariant, over variables of their own."""
        key = _text(names[0])
        if key not in self.states:
            self.states[key] = self._state(key), self._state(key)
        now, following = self.states[key]

        def call(name: SExpr, *args: str) -> str:
            head = self._head(name)
            return f"({' '.join([head, *map(print_symbol, args)])})" if args else head

        invariant, before, step, after = names
        self.claims += [
            f"(=> {call(before, *now)} {call(invariant, *now)})",
            f"(=> {call(invariant, *now)} {call(step, *now, *following)} "
            f"{call(invariant, *following)})",
            f"(=> {call(invariant, *now)} {call(after, *now)})",
        ]

    def _state(self, invariant: str) -> list[str]:
        """Return variables for the parameters of an invariant."""
        names = []
        for item in self.params[invariant]:
            assert isinstance(item, Form)
            names.append(self._unused(_text(item.items[0])))
            self._declare(names[-1], item.items[1])
        return names

    def _sort(self, form: SExpr) -> str:
        if isinstance(form, Token):
            known = self.sorts.get(form.text)
            return form.text if known is None else f"|{known}|"
        return f"(_ BitVec {form.items[-1]})"

    def _term(self, form: SExpr) -> str:
        pieces: list[str] = []
        stack: list[SExpr | str] = [form]
        while stack:
            part = stack.pop()
            if isinstance(part, str):
                pieces.append(part)
            elif isinstance(part, Token):
                pieces.append(self._atom(part))
            else:
                stack.extend(reversed(list(self._parts(part))))
        return " ".join(pieces)

    def _parts(self, form: Form) -> Iterator[SExpr | str]:
        """Yield the tokens of a sequence, in the current version of the format."""
        head, *rest = form.items
        word = head.text if isinstance(head, Token) and not head.quoted else ""
        if word == "let":
            bindings, body = rest
            assert isinstance(bindings, Form)
            yield "(let ("
            for binding in bindings.items:
                assert isinstance(binding, Form)
                yield from ("(", self._bound(binding.items[0]), binding.items[-1], ")")
            yield from (")", body, ")")
        elif word == "!":
            yield rest[0]
        elif word == "_":
            yield str(form)
        else:
            yield from ("(", head if isinstance(head, Form) else self._head(head), *rest, ")")

    def _head(self, form: SExpr) -> str:
        """Return the operator of an application."""
        name = self.names.get(_text(form))
        return str(_renewed(form)) if name is None else print_symbol(name)

    def _atom(self, atom: Token) -> str:
        """Return the token of an atom."""
        known = literal(atom)
        if known is not None and (known.sort == STRING or atom.text[0] == "-"):
            return print_value(known.value, known.sort)
        if known is None and atom.text in self.alone:
            return print_symbol(self.alone[atom.text])
        return str(_renewed(atom))


def _renewed(form: SExpr) -> Token:
    """Return a symbol in its present spelling."""
    assert isinstance(form, Token)
    return replace(form, text=OLD_NAMES.get(form.text, form.text))


def _text(form: SExpr) -> str:
    """Return the text of a symbol."""
    assert isinstance(form, Token)
    return form.text


def _symbols(form: SExpr) -> Iterator[str]:
    stack = [form]
    while stack:
        part = stack.pop()
        if isinstance(part, Form):
            stack.extend(part.items)
        else:
            yield part.text
