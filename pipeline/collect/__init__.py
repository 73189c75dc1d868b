"""GSBPM 4, collect: deliveries, cells, layouts, pseudonyms. Never the warehouse."""
