"""The made-up world of `point27 demo`: registers with a known truth.

In here: people, complaints, cases and courts that do not exist, how made-up offices
would write them down, and what is true of them. Not in here: reading any of it.
"""
