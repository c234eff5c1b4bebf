"""The compiled core: `packing` of values, `dispatch` of primitives, `engine`, and the `loops`."""
