"""The phases of the statistical business process. Knows nothing of Dagster."""
