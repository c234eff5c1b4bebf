"""The smallest comparator networks and sorting kernels, with proofs; read `networks` first."""
