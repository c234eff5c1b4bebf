"""The smallest comparator networks and sorting kernels, with proofs; begin with `networks`."""
