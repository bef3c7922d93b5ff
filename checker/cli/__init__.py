"""The command line: `python -m checker`."""

from checker.cli.commands import main

__all__ = ["main"]
