"""What a person should know about a table, with its cell."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["blocking", "check", "normalized"]


@dataclass(frozen=True)
class Finding:
    """One thing found.

    ``blocking`` must be settled before publishing, ``check`` is published with the assumption that ``treatment``
    states, ``normalized`` was set right and is only listed. ``cell`` is like ``F12``, "" for a whole sheet.
    ``message`` says in Chinese what is wrong, ``treatment`` what the system does for now. ``serial`` names the
    indicator it is about, where there is one.
    """

    code: str
    severity: Severity
    sheet: str
    cell: str
    message: str
    treatment: str
    serial: str = ""
