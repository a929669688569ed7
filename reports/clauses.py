"""依据: the documents that the indicators rest on, their clauses, and how the indicators of each stand (迎检)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.citations import Citation, alike, cited, essence
from reports import words
from reports.words import Sentence, Span

Row = Any  # a row of ``itertuples`` over a scored table
WHOLE = "未写条款"
TEXTS = ("goal", "indicator", "completion", "evidence")


@dataclass(frozen=True)
class Clause:
    """A clause and the indicators (index labels) that rest on it; ``label`` is "" where only the document is named."""

    label: str
    rows: tuple[int, ...]
    evidenced: bool
    reported: bool


@dataclass(frozen=True)
class Document:
    """A source document, by its number and the title that is printed most fully; either may be ""."""

    title: str
    number: str
    clauses: tuple[Clause, ...]
    rows: tuple[int, ...]

    @property
    def name(self) -> str:
        """Return title and number as the page writes them."""
        return f"{self.title}（{self.number}）" if self.title and self.number else self.title or self.number


@dataclass(frozen=True)
class Index:
    """All documents, in the order in which the table names them, and the indicators that rest on none."""

    documents: tuple[Document, ...]
    unfounded: tuple[int, ...]


def index(scored: pd.DataFrame) -> Index:
    """Return the documents that a scored table rests on."""
    every = [(row, citation) for row in scored.itertuples() for citation in citations(row)]
    groups = _grouped([citation for _, citation in every])
    documents = tuple(_document(scored, [every[place] for place in places]) for places in groups)
    founded = {row.Index for row, _ in every}
    return Index(documents, tuple(label for label in scored.index if label not in founded))


def citations(row: Row) -> Iterator[Citation]:
    """Yield what an indicator cites, in 文件依据 first."""
    yield from cited(row.basis, sources=True)
    for column in TEXTS:
        yield from cited(getattr(row, column))


def _grouped(every: list[Citation]) -> list[list[int]]:
    """Return the places of the citations of each document: by number, else by the one document whose title fits."""
    groups: dict[str, list[int]] = {}
    for place, citation in enumerate(every):
        if citation.number:
            groups.setdefault(citation.number, []).append(place)
    numbered = {key: {every[place].title for place in places} for key, places in groups.items()}
    for place, citation in enumerate(every):
        if not citation.number:
            groups.setdefault(_home(citation.title, numbered), []).append(place)
    return sorted(groups.values(), key=min)


def _home(title: str, numbered: dict[str, set[str]]) -> str:
    fitting = [number for number, titles in numbered.items() if any(alike(title, other) for other in titles)]
    return fitting[0] if len(fitting) == 1 else essence(title) or title


def _document(scored: pd.DataFrame, found: list[tuple[Row, Citation]]) -> Document:
    title = max((citation.title for _, citation in found), key=len)
    number = next((citation.number for _, citation in found if citation.number), "")
    rows: dict[str, list[int]] = {}
    for row, citation in found:
        for label in [clause.label for clause in citation.clauses] or [""]:
            rows.setdefault(label, []).append(row.Index)
    named = {label for clause, labels in rows.items() if clause for label in labels}
    rows[""] = [label for label in rows.get("", []) if label not in named]
    clauses = tuple(_clause(scored, label, labels) for label, labels in sorted(rows.items(), key=_place) if labels)
    return Document(title, number, clauses, tuple(dict.fromkeys(row.Index for row, _ in found)))


def _place(entry: tuple[str, list[int]]) -> tuple[bool, tuple[int, ...], str]:
    """Return where a clause stands in its document; what names none comes last."""
    label = entry[0]
    numbers = "".join(char if char.isdecimal() else " " for char in label).split()
    return not label, tuple(map(int, numbers)), label


def _clause(scored: pd.DataFrame, label: str, rows: list[int]) -> Clause:
    labels = tuple(dict.fromkeys(rows))
    part = scored.loc[list(labels)]
    evidenced = bool((part["evidence"].str.strip() != "").any())
    return Clause(label, labels, evidenced, bool((part["status"] != "not_reported").any()))


def headline(found: Index, count: int) -> Sentence:
    """Return 45项指标依据12份文件、31个条款；其中9个条款还没有一项有佐证材料。"""
    clauses = [clause for document in found.documents for clause in document.clauses if clause.label]
    if not found.documents:
        return (Span(f"{count}项指标都没有写明文件依据。"),)
    based = count - len(found.unfounded)
    told = f"{based}项指标依据{len(found.documents)}份文件" + (f"、{len(clauses)}个条款" if clauses else "")
    bare = sum(not clause.evidenced for clause in clauses)
    rest = _lacking(bare, len(clauses))
    none = f"；另有{len(found.unfounded)}项没有写依据" if found.unfounded else ""
    return (Span(f"{told}；"), Span(rest, "risk" if bare else ""), Span(f"{none}。"))


def _lacking(bare: int, count: int) -> str:
    if not count:
        return "没有写到条款"
    if bare == count:
        return "还没有一个条款有佐证材料"
    return f"其中{bare}个条款还没有一项有佐证材料" if bare else "每个条款都有佐证材料"


def amount(document: Document, scored: pd.DataFrame) -> str:
    """Return how much rests on a document: 3个条款，8项14分."""
    count = sum(1 for clause in document.clauses if clause.label)
    rows = words.amount(scored.loc[list(document.rows)])
    return f"{count}个条款　{rows}" if count else rows
