"""`python -m evidence_app.cli` is the command `evidence`."""

from evidence_app.cli import main

main()
