"""Settings of all tests: threads, interrupts, and hypothesis."""

import os
import signal

from hypothesis import HealthCheck, settings

# As a trial has them: threads that wait for a core that another test has take many times as long.
for name in ("MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# A suite that is started in the background ignores an interrupt, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Nor does how long an example takes to draw or to try say anything but how busy the machine is.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
