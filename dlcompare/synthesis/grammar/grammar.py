"""The primitives that a program may use, and the cost of each of its parts.

Costs are in bits. Cheaper programs are tried first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dlcompare.synthesis.bank.language import Language, language_of
from dlcompare.synthesis.dsl.primitives.libraries import LIBRARIES
from dlcompare.synthesis.dsl.primitives.primitive import Primitive
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Problem, Signature
from dlcompare.tasks.types import BOOL, INT, Type

__all__ = ["Grammar", "grammar_for", "grammar_of"]


@dataclass(frozen=True)
class Grammar:
    """The language of a search: primitives, constants and their costs.

    Attributes
    ----------
    language : Language
        Types and operations.
    ops : tuple of int
        The numbers of the operations in use, in the order of enumeration.
    library : str
        The name of the library that supplies them.
    variable : int
        Cost of a parameter of the program, or of a name bound by a fold or a lambda.
    outer : int
        Cost of a parameter of the program inside a body.
    fold : int
        Cost of a fold, including its direction and source.
    initial : int
        Cost of the fold's initial accumulator.
    costs : mapping of str to int
        Costs that differ from the usual ones, by the names in `costs.USUAL`.
    """

    language: Language
    ops: tuple[int, ...]
    library: str
    variable: int = 1
    outer: int = 3
    fold: int = 3
    initial: int = 1
    costs: Mapping[str, int] = field(default_factory=dict)

    @property
    def primitives(self) -> tuple[Primitive, ...]:
        """Return the primitives in use."""
        operations = (self.language.operations[op] for op in self.ops)
        return tuple({op.primitive.name: op.primitive for op in operations}.values())

    def primitive(self, name: str, first: Type, result: Type) -> Primitive | None:
        """Return the primitive with this name, first parameter and result, if it is in use."""
        return self._by_type.get((name, first, result))

    @cached_property
    def _by_type(self) -> dict[tuple[str, Type, Type], Primitive]:
        """Return the primitives by name, first parameter and result; of equals, the first."""
        operations = [self.language.operations[op] for op in self.ops]
        return {
            (each.primitive.name, each.parameters[0], each.result): each.primitive
            for each in reversed(operations)
            if each.parameters
        }

    def choice(self, type_: Type) -> Primitive | None:
        """Return the conditional of a type, if it is in use."""
        return self.primitive("if_int" if type_ in (INT, BOOL) else "if_list", BOOL, type_)


def grammar_of(
    problem: Problem, library: str | None = None, costs: Mapping[str, int] | None = None
) -> Grammar:
    """Return the grammar of a problem: its library, or the one named, less withheld primitives.

    Raises
    ------
    InputError
        If there is no such library.
    """
    return grammar_for(problem.signature, library or problem.library, problem.without, costs)


def grammar_for(
    signature: Signature,
    library: str = "full",
    without: Iterable[str] = (),
    costs: Mapping[str, int] | None = None,
) -> Grammar:
    """Return the grammar for the types of a signature; `costs` has what costs otherwise than usual.

    Parameters
    ----------
    signature : Signature
        The signature whose types determine the language.
    library : str
        The name of a set of primitives.
    without : iterable of str
        Names of withheld primitives.
    costs : mapping of str to int, optional
        Costs, in bits, that differ from the usual ones.

    Raises
    ------
    InputError
        If there is no such library.
    """
    if library not in LIBRARIES:
        raise InputError(f"library={library!r} must be one of {', '.join(sorted(LIBRARIES))}")
    withheld = frozenset(without)
    types = [*(type_ for _, type_ in signature.parameters), signature.result]
    costs = costs or {}
    language = language_of(types).priced(costs)
    ops = tuple(
        number
        for number, op in enumerate(language.operations)
        if op.primitive.name in LIBRARIES[library] - withheld
        and not op.primitive.withheld_with & withheld
    )
    return Grammar(language, ops, library, fold=costs.get("fold", Grammar.fold), costs=costs)
