"""What every command writes with: results to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, NoReturn

import typer
from rich.console import Console

out: Final = Console(highlight=False, soft_wrap=True)
err: Final = Console(stderr=True, highlight=False, soft_wrap=True)

PROGRAM: Final = "backcheck" if Path(sys.argv[0]).stem == "backcheck" else "python -m checker"
"""How this program was called, to tell how to call it again."""

USAGE: Final = 2
"""Exit status when the command or the input is at fault."""


def fail(message: str, status: int = USAGE) -> NoReturn:
    """End the command with what stood in the way."""
    err.print(message, style="bold red", markup=False)
    raise typer.Exit(status)
