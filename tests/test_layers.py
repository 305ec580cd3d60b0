"""Imports go one way (docs/architecture.md): a room imports itself and the rooms before it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "pipeline"
ORDER = [
    {"errors"}, {"settings"}, {"catalogue"}, {"intake", "text"}, {"classifiers"}, {"routing"}, {"tracking"},
    {"scoring"}, {"review"}, {"retraining"}, {"reports"}, {"cli"},
]  # fmt: skip
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
HEAVY = {"mlflow", "sklearn", "pandas", "numpy", "scipy", "pydantic", "matplotlib", "pyarrow", "lokal", "ftfy"}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            found.add(node.module or "")
            if node.module == "pipeline":
                found |= {f"pipeline.{alias.name}" for alias in node.names}
    return found


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_rooms_before_it(path: Path):
    room = room_of(path)
    for name in imports(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        if parts[0] != "pipeline" or len(parts) == 1:
            continue
        other = parts[1]
        if other not in RANK:
            assert room == "cli", f"{name}: only the command line imports from pipeline itself"
            continue
        assert other == room or RANK[other] < RANK[room], f"{room} imports {name}"


def test_every_room_has_a_rank():
    rooms = {room_of(path) for path in MODULES}
    assert rooms <= set(RANK)


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").glob("*.py")), ids=lambda p: p.name)
def test_commands_load_heavy_packages_only_when_called(path: Path):
    if path.name == "progress.py":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {id(n) for node in ast.walk(tree) if isinstance(node, ast.If) for n in ast.walk(node)}
    for node in tree.body:
        if id(node) in guarded:
            continue
        for name in (
            imports(ast.Module(body=[node], type_ignores=[])) if isinstance(node, ast.Import | ast.ImportFrom) else ()
        ):
            assert name.split(".")[0] not in HEAVY
            assert not name.startswith("pipeline.") or name.split(".")[1] in {"cli", "errors", "__version__"}


def test_modules_are_small():
    long = {
        str(p.relative_to(PACKAGE)): n
        for p in PACKAGE.rglob("*.py")
        if (n := len(p.read_text("utf-8").splitlines())) > 400
    }
    assert not long
