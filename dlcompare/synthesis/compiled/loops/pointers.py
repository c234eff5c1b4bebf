"""Raw memory for compiled code: no reference counts, no negative indices, no bounds."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["int32_at", "int64_at", "invoke", "moved", "pointer", "prefetch"]

_CPointer: Any = types.CPointer
_declare: Any = cgutils.get_or_insert_function


def _pointer(typing_context: Any, array: Any) -> Any:  # noqa: ARG001
    """Return the elements of a contiguous array as a pointer that compiled code can index.

    The caller must keep the array alive.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.make_array(signature.args[0])(context, builder, arguments[0]).data

    return _CPointer(array.dtype)(array), generate


def _moved(typing_context: Any, memory: Any, count: Any) -> Any:  # noqa: ARG001
    """Return the memory that begins `count` elements further on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        return builder.gep(arguments[0], [arguments[1]])

    return memory(memory, types.int64), generate


def _at(dtype: Any) -> Any:
    def at(typing_context: Any, address: Any) -> Any:  # noqa: ARG001
        """Return the memory at an address."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = context.get_value_type(signature.return_type)
            return builder.inttoptr(arguments[0], kind)

        return _CPointer(dtype)(address), generate

    return at


def _invoke(typing_context: Any, address: Any, arguments: Any) -> Any:  # noqa: ARG001
    """Call the compiled C function at an address; it returns an int64.

    A call by address keeps the callee's code out of the caller's module: numba compiles a function
    again in every module that calls it by name.
    """

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        values = cgutils.unpack_tuple(builder, given[1])
        kinds = [context.get_value_type(kind) for kind in signature.args[1].types]
        function = ir.FunctionType(ir.IntType(64), kinds)
        return builder.call(builder.inttoptr(given[0], function.as_pointer()), values)

    return types.int64(address, arguments), generate


def _prefetch(typing_context: Any, memory: Any, index: Any) -> Any:  # noqa: ARG001
    """Prefetch an element before it is needed."""

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
moved: Any = intrinsic(_moved)
int32_at: Any = intrinsic(_at(types.int32))
int64_at: Any = intrinsic(_at(types.int64))
invoke: Any = intrinsic(_invoke)
prefetch: Any = intrinsic(_prefetch)
