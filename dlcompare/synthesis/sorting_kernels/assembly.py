"""Sorting kernels as x86-64 assembly and as C, and their timing in compiled form."""

import platform
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dlcompare.synthesis.sorting_kernels.networks import smallest_network
from dlcompare.synthesis.sorting_kernels.straight_line import Kernel
from dlcompare.tasks.errors import InputError

__all__ = ["assembly", "c_source", "naive_network", "nanoseconds", "why_not_timed"]

REGISTERS = ("eax", "ecx", "edx", "esi", "r8d")
"""Registers that a function may overwrite under the System V calling convention; the last is the
scratch register for any number of values."""

ROUNDS = 200_000
INPUTS = 1024


def assembly(kernel: Kernel, name: str | None = None) -> str:
    """Return a function ``void name(int *values)`` in x86-64 assembly (Intel syntax, System V).

    Examples
    --------
    >>> from dlcompare.synthesis.sorting_kernels.straight_line import network_kernel
    >>> print(assembly(network_kernel(2)))
    .intel_syntax noprefix
    .globl sort2
    sort2:
        mov eax, [rdi]
        mov ecx, [rdi + 4]
        mov r8d, eax
        cmp eax, ecx
        cmovg eax, ecx
        cmovg ecx, r8d
        mov [rdi], eax
        mov [rdi + 4], ecx
        ret
    """
    name = name or f"sort{kernel.values}"
    registers = [*REGISTERS[: kernel.values], REGISTERS[-1]]
    cells = ["[rdi]", *(f"[rdi + {4 * i}]" for i in range(1, kernel.values))]
    body = [f"mov {register}, {cell}" for register, cell in zip(registers, cells, strict=False)]
    body += [
        f"{i.operation} {registers[i.target]}, {registers[i.source]}" for i in kernel.instructions
    ]
    body += [f"mov {cell}, {register}" for register, cell in zip(registers, cells, strict=False)]
    lines = [".intel_syntax noprefix", f".globl {name}", f"{name}:"]
    return "\n".join([*lines, *(f"    {line}" for line in [*body, "ret"])])


def c_source(kernel: Kernel, name: str | None = None) -> str:
    """Return the function of a kernel as branch-free C.

    Examples
    --------
    >>> from dlcompare.synthesis.sorting_kernels.straight_line import network_kernel
    >>> print(c_source(network_kernel(2)))
    void sort2(int *values) {
        int a = values[0], b = values[1], s, less, greater;
        s = a;
        less = a < b; greater = a > b;
        a = greater ? b : a;
        b = greater ? s : b;
        values[0] = a; values[1] = b;
    }
    """
    name = name or f"sort{kernel.values}"
    variables = [*"abcd"[: kernel.values], "s"]
    loads = ", ".join(f"{v} = values[{i}]" for i, v in enumerate(variables[:-1]))
    lines = [f"void {name}(int *values) {{", f"    int {loads}, s, less, greater;"]
    for operation, target, source in kernel.instructions:
        to, of = variables[target], variables[source]
        lines.append(
            {
                "mov": f"    {to} = {of};",
                "cmp": f"    less = {to} < {of}; greater = {to} > {of};",
                "cmovl": f"    {to} = less ? {of} : {to};",
                "cmovg": f"    {to} = greater ? {of} : {to};",
            }[operation]
        )
    stores = " ".join(f"values[{i}] = {v};" for i, v in enumerate(variables[:-1]))
    return "\n".join([*lines, f"    {stores}", "}"])


def naive_network(values: int, name: str) -> str:
    """Return the smallest comparator network as naive C: compare, branch, swap."""
    swaps = [
        f"    if (v[{i}] > v[{j}]) {{ int t = v[{i}]; v[{i}] = v[{j}]; v[{j}] = t; }}"
        for i, j in smallest_network(values).comparators
    ]
    return "\n".join([f"void {name}(int *v) {{", *swaps, "}"])


DRIVER = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
{declarations}
static int source[{inputs} * {values}], work[{inputs} * {values}];
static double timed(void (*sort)(int *)) {{
    double best = 1e30;
    for (int round = 0; round < {rounds} / {inputs} + 5; round++) {{
        for (int i = 0; i < {inputs} * {values}; i++) work[i] = source[i];
        struct timespec a, b;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        for (int i = 0; i < {inputs}; i++) sort(work + i * {values});
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        double t = ((b.tv_sec - a.tv_sec) * 1e9 + (b.tv_nsec - a.tv_nsec)) / {inputs};
        if (t < best) best = t;
        for (int i = 0; i < {inputs}; i++)
            for (int k = 1; k < {values}; k++)
                if (work[i * {values} + k - 1] > work[i * {values} + k]) exit(1);
    }}
    return best;
}}
int main(void) {{
    unsigned state = 1;
    for (int i = 0; i < {inputs} * {values}; i++) {{
        state = state * 1664525u + 1013904223u;
        source[i] = (int)(state >> 8) % 1000;
    }}
{calls}
    return 0;
}}
"""


def why_not_timed() -> str | None:
    """Return the reason why assembly cannot be timed on this machine; None if it can."""
    if platform.machine() not in {"x86_64", "AMD64"}:
        return f"the processor is {platform.machine()}, not x86-64"
    if shutil.which("cc") is None:
        return "there is no C compiler (cc)"
    return None


def nanoseconds(values: int, kernels: Mapping[str, Kernel]) -> dict[str, float]:
    """Return the CPU time per call of each kernel and of the naive network in C (``cc -O2``).

    A time, in nanoseconds, is the best of many rounds over random inputs.

    Raises
    ------
    InputError
        If there is no x86-64 processor or no C compiler.
    """
    reason = why_not_timed()
    if reason is not None:
        raise InputError(f"cannot time kernels: {reason}")
    names = [f"kernel{i}" for i in range(len(kernels))]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        listing = [assembly(k, n) for k, n in zip(kernels.values(), names, strict=True)]
        # The note keeps the linker from requesting an executable stack.
        listing.append('.section .note.GNU-stack,"",@progbits\n')
        (place / "kernels.s").write_text("\n".join(listing), encoding="utf-8")
        (place / "naive.c").write_text(naive_network(values, "naive"), encoding="utf-8")
        functions = [*names, "naive"]
        (place / "driver.c").write_text(
            DRIVER.format(
                declarations="\n".join(f"void {name}(int *);" for name in functions),
                inputs=INPUTS,
                values=values,
                rounds=ROUNDS,
                calls="\n".join(f'    printf("%f\\n", timed({name}));' for name in functions),
            ),
            encoding="utf-8",
        )
        sources = ["kernels.s", "naive.c", "driver.c"]
        subprocess.run(["cc", "-O2", *sources, "-o", "driver"], cwd=place, check=True)
        printed = subprocess.run(
            [str(place / "driver")], cwd=place, check=True, capture_output=True, text=True
        ).stdout
    times = [float(line) for line in printed.split()]
    return dict(zip([*kernels, "naive network in C"], times, strict=True))
