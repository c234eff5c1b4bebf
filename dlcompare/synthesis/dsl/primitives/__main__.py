"""Print the primitives as the Markdown table of ``docs/dsl.md``."""

from collections.abc import Iterator

from dlcompare.synthesis.dsl.primitives import FAMILIES
from dlcompare.synthesis.dsl.primitives.libraries import CORE
from dlcompare.tasks.types import Type

__all__ = ["table"]


def table() -> Iterator[str]:
    """Yield the lines of the table: one for each primitive, below the head."""
    yield "| primitive | family | type | Python | bits | core |"
    yield "|---|---|---|---|---|---|"
    for family, primitives in FAMILIES.items():
        for primitive in primitives:
            names = ", ".join(f"{name}: {_text(type_)}" for name, type_ in primitive.parameters)
            yield (
                f"| {primitive.name} | {family} | ({names}) -> {primitive.result} "
                f"| `{primitive.python}` | {primitive.cost} | {'yes' * (primitive.name in CORE)} |"
            )


def _text(type_: Type) -> str:
    """Return a type in readers' notation: ``int, int -> bool`` for a function."""
    if type_.name != "function":
        return str(type_)
    *parameters, result = map(str, type_.parameters)
    return f"{', '.join(parameters)} -> {result}"


if __name__ == "__main__":
    print(*table(), sep="\n")
