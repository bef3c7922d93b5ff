"""How the modules lean on each other: never in a circle, the imports inside of functions counted too."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest
from conftest import ROOT


def imports() -> dict[str, set[str]]:
    """By module of the package those that it imports, wherever in it."""
    files = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in (ROOT / "checker").rglob("*.py")}
    names = {path: name.removesuffix(".__init__") for path, name in files.items()}
    known, graph = set(names.values()), {}
    for path, name in names.items():
        graph[name] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module in known:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                graph[name] |= (inner & known) | ({node.module} if inner - known else set())
            elif isinstance(node, ast.Import):
                graph[name] |= {alias.name for alias in node.names} & known
    return graph


def test_no_module_imports_itself_through_others() -> None:
    graph = imports()
    assert {"checker.ui.main", "checker.engine"} <= graph.keys()
    assert "checker.ui.places" in graph["checker.ui.tryout"]
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' <- '.join(error.args[1])}")
    assert order.index("checker.ui.places") < order.index("checker.ui.main")
