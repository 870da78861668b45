"""`python -m segdsl`, where the program itself is not on the path."""

from segdsl.cli.main import main

main()
