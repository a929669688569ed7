"""考评表: the scored table as the official form, written back into its own workbook or onto a clean one."""

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from openpyxl.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from data import read_workbook
from data.cell_edits import Place
from data.container import XLSX_START
from data.form import Form
from data.labels import canonical
from data.plan import Plan
from data.tables import layout
from data.tables.layout import EXTRAS, Placed, Row, Sum, Table, Value
from reports import result_formulas, words, written_back
from reports.imprint import Imprint
from reports.marked_copy import can_mark
from reports.problem_list import put_text, written
from scoring import Method
from scoring.score import usable_scores
from scoring.table import PANEL, TIERS, UNCATEGORISED
