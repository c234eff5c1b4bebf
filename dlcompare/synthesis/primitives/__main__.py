"""Print the primitives as a Markdown table."""

from dlcompare.synthesis.grammar import CORE
from dlcompare.synthesis.primitives import FAMILIES
from dlcompare.tasks.types import Type


def _text(type_: Type) -> str:
    """A type as people write it: ``int, int -> bool`` for a function."""
    if type_.name != "function":
        return str(type_)
    *parameters, result = map(str, type_.parameters)
    return f"{', '.join(parameters)} -> {result}"


print("| primitive | family | type | Python | bits | core |")
print("|---|---|---|---|---|---|")
for family, primitives in FAMILIES.items():
    for primitive in primitives:
        names = ", ".join(f"{name}: {_text(type_)}" for name, type_ in primitive.parameters)
        print(
            f"| {primitive.name} | {family} | ({names}) -> {primitive.result} "
            f"| `{primitive.python}` | {primitive.cost} | {'yes' * (primitive.name in CORE)} |"
        )
