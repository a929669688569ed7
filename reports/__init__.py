"""Papers that leave the building, and the words they share with the screen."""

from data.formats import pure_openpyxl  # noqa: F401  # before a paper imports openpyxl
