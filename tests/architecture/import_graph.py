"""Reads the imports of our apps from the source, without running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("cms", "home", "pr_workflow", "evaluation", "search")


@dataclass(frozen=True)
class Import:
    """Dotted modules of ours: ``importer`` names ``imported`` on ``line``, inside ``function`` or at the top ("")."""

    importer: str
    imported: str
    line: int
    function: str = ""
    relative: bool = False
    typing_only: bool = False

    def __str__(self) -> str:
        where = f" inside {self.function}()" if self.function else ""
        return f"{self.importer}:{self.line} imports {self.imported}{where}"


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name; a package goes by its folder's name."""
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports() -> tuple[Import, ...]:
    """Every import from one module of ours to another."""
    return tuple(found for name, path in modules().items() for found in _imports_of(name, path))


def _imports_of(name: str, path: Path) -> Iterator[Import]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {id(node) for block in ast.walk(tree) if _is_typing_block(block) for node in ast.walk(block)}
    for node, function in _import_nodes(tree, ""):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
            relative = False
        else:
            base = _absolute_base(node, package)
            targets = [f"{base}.{alias.name}" for alias in node.names]
            relative = node.level > 0
        for target in targets:
            known = _known_module(target)
            if known and known != name:
                yield Import(name, known, node.lineno, function, relative, id(node) in typing_only)


def _is_typing_block(node: ast.AST) -> bool:
    """``if TYPE_CHECKING:`` never runs, so it cannot close a circle."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _import_nodes(tree: ast.AST, function: str) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, function
        inner = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
        yield from _import_nodes(child, inner)


def _absolute_base(node: ast.ImportFrom, package: str) -> str:
    """``from ..plan import x`` inside ``pr_workflow.news`` means ``pr_workflow.plan``."""
    if not node.level:
        return node.module or ""
    parents = package.split(".")
    kept = parents[: len(parents) - node.level + 1]
    return ".".join([*kept, node.module] if node.module else kept)


def _known_module(dotted: str) -> str | None:
    """The longest beginning of ``dotted`` that is a module of ours: the rest are names inside it."""
    while dotted:
        if dotted in modules():
            return dotted
        dotted = dotted.rpartition(".")[0]
    return None


def reachable(start: str, within: str) -> dict[str, Import]:
    """Modules below ``within`` that ``start`` reaches without leaving it, each with the import that led there."""
    found: dict[str, Import] = {}
    waiting = [start]
    while waiting:
        current = waiting.pop()
        for step in imports():
            if step.importer == current and step.imported.startswith(f"{within}.") and step.imported not in found:
                found[step.imported] = step
                waiting.append(step.imported)
    return found


def circles() -> list[list[str]]:
    """Each set of modules that import one another in a ring."""
    graph: dict[str, set[str]] = {name: set() for name in modules()}
    for step in imports():
        if not step.typing_only:
            graph[step.importer].add(step.imported)
    forward = {name: _closure(name, graph) for name in graph}
    rings = {frozenset(other for other in forward[name] if name in forward[other]) for name in graph}
    return sorted(sorted(ring) for ring in rings if ring)


def _closure(start: str, graph: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for following in graph[waiting.pop()] - found:
            found.add(following)
            waiting.append(following)
    return found
