"""What holds for all tests."""

import signal

# A suite that is started in the background ignores an interrupt, and so would all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
