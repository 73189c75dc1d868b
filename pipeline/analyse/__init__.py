"""GSBPM 5.7 and 6, analyse: aggregate, indicators, disclosure control."""
