"""各单位: who has submitted, how each unit's points stand, what nobody knows yet (for the city's 效能办)."""

from reports.units import found
from ui import roster, units

city = units.city()
query = units.asked(city)
rows = found(city.units, query)

units.line(city)
units.answer(city)
units.filters(city, query, len(rows))
units.show(city, rows)
roster.editing(city)
