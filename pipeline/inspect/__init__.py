"""Look at spreadsheets before they are loaded: a page, and two editions compared."""
