"""Programs from logic: comparator networks, sorting kernels, component-based synthesis."""
