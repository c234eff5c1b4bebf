"""Print the primitives as a Markdown table."""

from dlcompare.synthesis.grammar import CORE
from dlcompare.synthesis.primitives import PRIMITIVES

print("| primitive | type | Python | bits | core |")
print("|---|---|---|---|---|")
for primitive in PRIMITIVES.values():
    names = ", ".join(f"{name}: {type_}" for name, type_ in primitive.parameters)
    names = names.replace("function[int, bool]", "int -> bool").replace(
        "function[int, int]", "int -> int"
    )
    core = "yes" if primitive.name in CORE else ""
    print(
        f"| {primitive.name} | ({names}) -> {primitive.result} | `{primitive.python}` "
        f"| {primitive.cost} | {core} |"
    )
