"""disposisi: reads Indonesian public complaints and gives each to the right unit, with its urgency.

``load_router(model)`` returns a :class:`~pipeline.scoring.router.Router`; its ``score`` is the batch scoring function.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.scoring.router import Router

__all__ = ["__version__", "load_router"]
__version__ = "0.1.0"


def load_router(model: str = "starter", *, store: Path | None = None) -> Router:
    """Load the router that *model* names: ``NAME``, ``NAME@alias`` or ``NAME/version``.

    *store* is the folder of the MLflow store (default: the settings'). Raises
    :class:`pipeline.errors.ModelNotFoundError` or :class:`pipeline.errors.ArtefactError`.
    """
    from pipeline.scoring.router import Router
    from pipeline.settings import load_settings
    from pipeline.tracking.locate import find_folder

    return Router.load(find_folder(store or load_settings().store, model))
