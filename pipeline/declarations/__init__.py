"""Declarations under `schemas/`, read strictly. No data, no statistics."""
