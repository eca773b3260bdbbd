"""``python -m harn``: the same as the ``harn`` command."""

import sys

from harn.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
