"""MLflow: the project's store, the router's artefact with its manifest, and the registry."""
