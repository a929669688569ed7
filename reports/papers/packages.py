"""What .pptx and .docx have in common: texts made literal for XML, and packages with the same bytes on any day."""

import re
from datetime import datetime
from typing import Any

from data.formats.packing import packed, unpacked
from data.privacy import mask

AUTHOR = "绩效考评看板"
EPOCH = datetime(2025, 1, 1)
_ILLEGAL = re.compile(
    "[^\\t\\n\\x20-\\x7e\\xa0-\\u2029\\u202f-\\u2065\\u206a-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]"
)


def literal(text: str) -> str:
    """Return a text as a paper may hold it: no control or direction characters, private numbers masked."""
    return mask(_ILLEGAL.sub("\ufffd", text))


def describe(properties: Any, title: str) -> None:
    """Set a document's core properties; no clock and no user's name among them."""
    properties.title = literal(title)
    properties.author = properties.last_modified_by = AUTHOR
    properties.created = properties.modified = EPOCH
    properties.revision = 1
    properties.language = "zh-CN"
    properties.subject = properties.keywords = properties.comments = properties.category = ""


def repacked(raw: bytes) -> bytes:
    """Return a package with its parts in one order and without a clock."""
    return packed(unpacked(raw))
