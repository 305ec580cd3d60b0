"""``disposisi serve-mlflow``: MLflow's pages on the project's store."""

from __future__ import annotations

import click


@click.command("serve-mlflow")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def command(host: str, port: int) -> None:
    """Open MLflow's pages (runs, models, pictures) on the project's store; Ctrl-C ends it."""
    import os
    import subprocess
    import sys

    from pipeline.settings import load_settings
    from pipeline.tracking.store import database_uri, open_store

    store = load_settings().store
    open_store(store)
    click.echo(f"MLflow on http://{host}:{port} (store: {store})")
    uri = database_uri(store)
    server = [sys.executable, "-m", "mlflow", "server", "--host", host, "--port", str(port), "--no-serve-artifacts"]
    artifacts = ["--default-artifact-root", (store / "artifacts").as_uri()]
    # Not as options: a database's URL may hold a password, and everybody sees a process's options.
    stores = {"MLFLOW_BACKEND_STORE_URI": uri, "MLFLOW_REGISTRY_STORE_URI": uri}
    raise SystemExit(subprocess.call([*server, *artifacts], env={**os.environ, **stores}))
