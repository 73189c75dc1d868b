"""`python -m assets` is `point27`."""

from assets.cli import main

main()
