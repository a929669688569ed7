"""Build the workbooks that ship with the product: ``python -m data.tables [FOLDER]``, by default where they lie."""

import sys
from pathlib import Path

from data.tables import example, quanzhou

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    quanzhou.build(folder)
    example.build(folder)
