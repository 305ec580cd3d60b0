"""A long-running program follows the alias, at most so often, and never stops serving."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.errors import ArtefactError, ModelNotFoundError
from pipeline.scoring import watching
from pipeline.scoring.watching import WatchedRouter


class Registry:
    """Stands for the store and the clock: which folder the alias means, which folders can be loaded."""

    def __init__(self) -> None:
        self.folder: Path | None = Path("dinas/1")
        self.damaged: set[Path] = set()
        self.loads: list[Path] = []
        self.now = 0.0

    def find(self, store: Path, reference: str) -> Path:
        if self.folder is None:
            raise ModelNotFoundError("There is no model")
        return self.folder

    def load(self, folder: Path) -> SimpleNamespace:
        if folder in self.damaged:
            raise ArtefactError("damaged")
        self.loads.append(folder)
        return SimpleNamespace(version=str(folder))


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry:
    made = Registry()
    monkeypatch.setattr(watching, "find_folder", made.find)
    monkeypatch.setattr(watching, "Router", made)
    monkeypatch.setattr(watching.time, "monotonic", lambda: made.now)
    return made


def test_it_follows_the_alias_at_most_so_often(registry: Registry):
    said: list[str] = []
    watched = WatchedRouter(Path("toko"), "dinas", 30, said.append)
    assert watched.router().version == "dinas/1"
    registry.folder, registry.now = Path("dinas/2"), 29
    assert watched.router().version == "dinas/1"
    registry.now = 30
    assert watched.router().version == "dinas/2"
    registry.now = 61
    assert watched.router().version == "dinas/2"
    assert registry.loads == [Path("dinas/1"), Path("dinas/2")]
    assert said == ["dinas/2 serves now in place of dinas/1."]


def test_without_watching_the_version_stays(registry: Registry):
    watched = WatchedRouter(Path("toko"), "dinas", None, print)
    watched.router()
    registry.folder, registry.now = Path("dinas/2"), 10_000
    assert watched.router().version == "dinas/1"


def test_what_cannot_be_loaded_does_not_stop_it(registry: Registry):
    said: list[str] = []
    watched = WatchedRouter(Path("toko"), "dinas", 30, said.append)
    watched.router()
    registry.folder, registry.now = Path("dinas/2"), 30
    registry.damaged = {Path("dinas/2")}
    assert watched.router().version == "dinas/1"
    registry.folder, registry.now = None, 60
    assert watched.router().version == "dinas/1"
    assert said == ["dinas/1 goes on serving: damaged", "dinas/1 goes on serving: There is no model"]
    registry.folder, registry.damaged, registry.now = Path("dinas/2"), set(), 90
    assert watched.router().version == "dinas/2"


def test_the_first_use_tells_what_is_wrong(registry: Registry):
    registry.folder = None
    with pytest.raises(ModelNotFoundError):
        WatchedRouter(Path("toko"), "dinas", 30, print).router()


def test_a_real_store(starter_store: Path):
    assert WatchedRouter(starter_store, "starter", 30, print).router().version.startswith("starter/")
