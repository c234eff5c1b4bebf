"""Raw memory for compiled code: no reference counts, no negative indices, no bounds."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["pointer", "prefetch"]

_CPointer: Any = types.CPointer
_declare: Any = cgutils.get_or_insert_function


def _pointer(typing_context: Any, array: Any) -> Any:  # noqa: ARG001
    """The elements of a contiguous array, as something that can be indexed in compiled code.

    The array must be kept alive by the caller.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, arguments[0]).data

    return _CPointer(array.dtype)(array), generate


def _prefetch(typing_context: Any, memory: Any, index: Any) -> Any:  # noqa: ARG001
    """Ask for an element before it is needed."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        flag = ir.IntType(32)
        parameters = [cgutils.voidptr_t, flag, flag, flag]
        kind = ir.FunctionType(ir.VoidType(), parameters)
        function = _declare(builder.module, kind, "llvm.prefetch.p0")
        address = builder.bitcast(builder.gep(arguments[0], [arguments[1]]), cgutils.voidptr_t)
        for_writing, keep, data = flag(1), flag(3), flag(1)
        builder.call(function, [address, for_writing, keep, data])
        return context.get_dummy_value()

    return types.void(memory, index), generate


pointer: Any = intrinsic(_pointer)
prefetch: Any = intrinsic(_prefetch)
