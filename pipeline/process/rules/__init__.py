"""Rules that compare published figures with each other, one module per family."""
