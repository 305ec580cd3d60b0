"""Training, measuring and the starter model."""
