"""MLflow's model script (models-from-code): wraps a :class:`~pipeline.scoring.router.Router`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

from pipeline.scoring.router import Router


class RouterModel(PythonModel):
    """``predict`` takes what :meth:`Router.score` takes and returns the same rows."""

    def load_context(self, context: Any) -> None:
        """Load the router from the model's artifacts."""
        self._router = Router.load(Path(context.artifacts["router"]))

    def predict(self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Score *model_input* (a list or Series of texts does, too); *params* is MLflow's and not used."""
        return self._router.score(model_input)


set_model(RouterModel())
