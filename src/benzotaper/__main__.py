"""Runs the command: ``python -m benzotaper``."""

from benzotaper.cli import main

if __name__ == "__main__":
    main()
