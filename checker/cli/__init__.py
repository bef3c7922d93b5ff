"""The command line: `backcheck`, or `python -m checker`."""

import sys

from checker.service.needs import no_home

__all__ = ["main"]


def main() -> None:
    """Run the command line, where there is a place for what belongs to its user."""
    if lacks := no_home():
        sys.exit(lacks)
    from checker.cli.commands import main as run  # its help tells where that place is

    run()
