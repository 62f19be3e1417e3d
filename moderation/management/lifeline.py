"""Run a module that ends when the process that started it does, however that ended.

`python -m moderation.management.lifeline PARENT MODULE ARGUMENT…` runs MODULE as `python -m MODULE`
does. A thread looks whether the process PARENT is still the parent; once it is not (kill -9, out of
memory), this process ends in the steps in which the supervisor would have ended it. The processes
that MODULE forks look after it in the same way. Where Linux has PR_SET_PDEATHSIG, other systems
have nothing: a look at the parent's number is the same on all of them.
"""

import os
import runpy
import signal
import sys
import threading
import time

# What a process is sent until it ends, and the seconds that it has each time: an orderly end, a
# quick one, and one by force.
STEPS = ((signal.SIGTERM, 5.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 2.0))
# Seconds from one look to the next.
PAUSE = 0.5


def watch(parent: int) -> None:
    """End this process once `parent` is no longer the process that it belongs to."""
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PAUSE)
    for number, seconds in STEPS:
        os.kill(os.getpid(), number)
        time.sleep(seconds)


def main() -> None:
    """Run the module that the arguments name."""
    parent, sys.argv = int(sys.argv[1]), sys.argv[2:]
    watch(parent)
    os.register_at_fork(after_in_child=lambda: watch(os.getppid()))
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
