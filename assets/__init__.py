"""The only place that knows Dagster: the code location and the command line."""
