"""Imported before openpyxl: it shall use Python's own XML parser, also where lxml is installed.

With lxml it writes the same workbook in other bytes, and hashes of files and versions would depend on what else is there.
"""

import os

os.environ["OPENPYXL_LXML"] = "False"
