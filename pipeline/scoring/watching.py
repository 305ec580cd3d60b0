"""A router for long-running programs: it follows its model's alias, so a promoted version serves without a restart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import DisposisiError
from pipeline.scoring.router import Router
from pipeline.tracking.locate import find_folder


class WatchedRouter:
    """Loads a model at the first use and looks every *every* seconds whether its name means another version now.

    Args:
        store: Folder of the MLflow store.
        reference: ``NAME[@alias|/version]``.
        every: Seconds between two looks; ``None``: never look again.
        say: Gets one line when another version serves, or cannot be loaded (the one before goes on serving).
    """

    def __init__(self, store: Path, reference: str, every: float | None, say: Callable[[str], object]) -> None:
        self._store, self._reference, self._every, self._say = store, reference, every, say
        self._alone = threading.Lock()
        self._router: Router | None = None
        self._folder: Path | None = None
        self._looked = 0.0

    def router(self) -> Router:
        """Return the router that serves now. A call that finds a new version takes as long as loading it.

        Raises:
            ModelError: At the first call: the model is not there or cannot be loaded.
        """
        with self._alone:
            if self._router is None:
                self._folder = find_folder(self._store, self._reference)
                self._router = Router.load(self._folder)
                self._looked = time.monotonic()
            elif self._every is not None and time.monotonic() - self._looked >= self._every:
                self._look(self._router)
                self._looked = time.monotonic()
            return self._router

    def _look(self, serving: Router) -> None:
        try:
            folder = find_folder(self._store, self._reference)
            if folder == self._folder:
                return
            self._router = Router.load(folder)
        except DisposisiError as error:
            self._say(f"{serving.version} goes on serving: {error}")
            return
        self._folder = folder
        self._say(f"{self._router.version} serves now in place of {serving.version}.")
