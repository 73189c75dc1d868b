"""Linking complaints of lists that share no number; only `overlap` rests on it."""
