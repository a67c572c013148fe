"""Becomes another program, one that ends with the process that wanted it.

Usage: python -m otpost_tools.sandbox.tethered PARENT_PID PROGRAM ARGUMENT…
"""

import os
import sys

from otpost_tools.sandbox.bootstrap import die_with_parent


def main() -> None:
    """Ask the kernel to end this process with its parent (Linux), then be the program: the wish outlives exec."""
    parent, program, *arguments = sys.argv[1:]
    die_with_parent(int(parent))
    os.execv(program, [program, *arguments])  # noqa: S606 (no shell is what is wanted)


if __name__ == "__main__":
    main()
