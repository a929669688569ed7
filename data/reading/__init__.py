"""From cells to the evaluation table: headings, lines, columns, names, dates, citations, targets."""
