"""``python -m dlcompare`` is the command."""

from dlcompare.compare.cli import main

if __name__ == "__main__":
    main()
