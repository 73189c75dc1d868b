"""Start the Dagster UI as a child process and end it with this one.

In here: the command line of `dagster dev`. Not in here: where its home is.
"""

import signal
import subprocess
import sys


def serve(port: int) -> int:
    """Run `dagster dev` until it ends or is interrupted, and return its exit code."""
    command = [
        *(sys.executable, "-m", "dagster", "dev"),
        *("--module-name", "assets.definitions"),
        *("--host", "127.0.0.1", "--port", str(port)),
    ]
    # A shell in the background would make the child ignore Ctrl-C for ever.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    child = subprocess.Popen(command)
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGINT)
        return child.wait()
