"""GSBPM 5, process: parse, classify, validate, link, reconcile. Never the warehouse."""
