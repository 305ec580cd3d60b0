"""MLflow's model script (models-from-code): wraps a :class:`~pipeline.scoring.router.Router`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

from pipeline.scoring.router import Router


class RouterModel(PythonModel):  # type: ignore[misc]
    """``predict`` takes what :meth:`Router.score` takes and returns the same rows."""

    def load_context(self, context: Any) -> None:
        """Load the router from the model's artifacts."""
        self._router = Router.load(Path(context.artifacts["router"]))

    def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """Score *model_input*; ``params`` is MLflow's and not used.

        Without type hints: MLflow would make a schema of them and refuse a DataFrame's further columns.
        """
        return self._router.score(model_input)


set_model(RouterModel())
