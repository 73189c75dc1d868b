"""GSBPM 7, disseminate: files, charts, releases. Accepts only protected tables."""
