"""``python -m duality`` is ``duality``."""

from duality.cli import main

if __name__ == "__main__":
    main(prog_name="duality")
