"""依据: the documents that the indicators rest on, their clauses, and how the indicators of each stand (迎检)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.reading import references, sources
from data.reading.sources import Source
from data.reading.values import BLANKS
from reports import search, words
from reports.words import Sentence, Span

Row = Any  # a row of ``itertuples`` over a scored table
WHOLE = "未写条款"
SHARES = {"稳": "steady", "险": "risk", "空": "unknown"}
GAPS = {"": "全部条款", "evidence": "没有佐证材料的条款", "report": "尚未填报的条款"}


@dataclass(frozen=True)
class Clause:
    """A clause and the indicators (index labels) that rest on it; ``label`` is "" where only the document is named.

    ``written`` is the clause as printed most, ``pages`` where it stands in its document. ``evidenced`` and ``reported``:
    at least one of the indicators is.
    """

    label: str
    written: str
    pages: tuple[str, ...]
    rows: tuple[int, ...]
    evidenced: bool
    reported: bool


@dataclass(frozen=True)
class Document:
    """A source document and what rests on it; ``others`` are further titles that the table prints for it."""

    title: str
    number: str
    others: tuple[str, ...]
    clauses: tuple[Clause, ...]
    rows: tuple[int, ...]

    @property
    def name(self) -> str:
        """Return title and number as the page writes them."""
        return f"{self.title}（{self.number}）" if self.title and self.number else self.title or self.number

    @property
    def named(self) -> tuple[Clause, ...]:
        """Return the clauses without the line of what names only the document."""
        return tuple(clause for clause in self.clauses if clause.label)


@dataclass(frozen=True)
class Index:
    """All documents, in the order in which the table names them, and the indicators that rest on none."""

    documents: tuple[Document, ...]
    unfounded: tuple[int, ...]


@dataclass(frozen=True)
class Share:
    """The points of 稳, 险 or 空: its word, its group's key, how many."""

    word: str
    key: str
    points: float


@dataclass(frozen=True)
class Query:
    """What of the index is looked for: words that a document, clause or indicator must have, and a key of ``GAPS``."""

    text: str = ""
    gap: str = ""


def evidence(row: Row) -> str:
    """Return what a row of the table names as evidence, in 佐证材料 or with one of its targets; "" where nothing."""
    named = dict.fromkeys((row.evidence, *(target.evidence for target in row.targets)))
    return "；".join(text.strip() for text in named if "".join(text.split()) not in BLANKS)


def index(scored: pd.DataFrame) -> Index:
    """Return the documents that a scored table rests on; what only a report cites is evidence and no ground."""
    lines = list(enumerate(scored.itertuples()))
    grounds = list(sources.founded(lines))
    places = {(mention.row, mention.column) for mention in grounds}
    found = sources.gather([*grounds, *sources.reported(lines)])
    rest = _Standing(scored)
    documents = tuple(
        rest.document(source)
        for source in found
        if any((mention.row, mention.column) in places for mention in source.mentions)
    )
    founded = {label for document in documents for label in document.rows}
    return Index(documents, tuple(label for label in scored.index if label not in founded))


class _Standing:
    """What a scored table says of its rows, by their place: looked up once, not for every clause."""

    def __init__(self, scored: pd.DataFrame) -> None:
        self._labels = list(scored.index)
        self._evidenced = [bool(evidence(row)) for row in scored.itertuples()]
        self._reported = list(scored["status"] != "not_reported")

    def document(self, source: Source) -> Document:
        """Return a source with its clauses in order; rows that name one are not told once more under 未写条款."""
        cited: dict[str, list[tuple[int, references.Clause | None]]] = {}
        for mention in source.mentions:
            for clause in mention.citation.clauses or (None,):
                cited.setdefault(clause.label if clause else "", []).append((mention.row, clause))
        inside = {row for label, found in cited.items() if label for row, _ in found}
        cited[""] = [(row, None) for row, _ in cited.get("", []) if row not in inside]
        clauses = tuple(self._clause(label, found) for label, found in sorted(cited.items(), key=_place) if found)
        rows = tuple(self._labels[row] for row in sorted({mention.row for mention in source.mentions}))
        return Document(source.title, source.number, source.others, clauses, rows)

    def _clause(self, label: str, found: list[tuple[int, references.Clause | None]]) -> Clause:
        places = sorted({row for row, _ in found})
        written = [clause.written for _, clause in found if clause]
        pages = tuple(dict.fromkeys(clause.page for _, clause in found if clause and clause.page))
        return Clause(
            label,
            max(written, key=written.count, default=""),
            pages,
            tuple(self._labels[row] for row in places),
            any(self._evidenced[row] for row in places),
            any(self._reported[row] for row in places),
        )


def _place(entry: tuple[str, object]) -> tuple[bool, bool, tuple[int, ...], str]:
    """Return where a clause stands in its document: annexes after clauses; what names none comes last."""
    label = entry[0]
    numbers = "".join(char if char.isdecimal() else " " for char in label).split()
    return not label, label.startswith(("附", "专")), tuple(map(int, numbers)), label


# What the page asks for


def narrowed(found: Index, query: Query, texts: dict[int, str]) -> tuple[Document, ...]:
    """Return the documents that fit, each with the clauses that do; ``texts`` are the rows' own, as they are searched."""
    wanted = search.normal(query.text).split()
    return tuple(fit for document in found.documents if (fit := _fitting(document, query.gap, wanted, texts)))


def _fitting(document: Document, gap: str, wanted: list[str], texts: dict[int, str]) -> Document | None:
    own = search.normal("\n".join((document.name, *document.others)))
    rest = [word for word in wanted if word not in own]
    clauses = tuple(
        clause
        for clause in document.clauses
        if _lacks(clause, gap) and all(_says(clause, word, texts) for word in rest)
    )
    if not clauses:
        return None
    rows = dict.fromkeys(label for clause in clauses for label in clause.rows)
    return Document(document.title, document.number, document.others, clauses, tuple(rows))


def texts(scored: pd.DataFrame) -> dict[int, str]:
    """Return what each row says of itself, ready for ``narrowed``; not 文件依据, which names other documents too."""
    columns = ("serial", "short_name", "indicator", "evidence")
    own = zip(scored.index, *(scored[name] for name in columns), scored["departments"], strict=True)
    return {label: search.normal("\n".join((*told, *departments))) for label, *told, departments in own}


def _lacks(clause: Clause, gap: str) -> bool:
    return not gap or (not clause.evidenced if gap == "evidence" else not clause.reported)


def _says(clause: Clause, word: str, texts: dict[int, str]) -> bool:
    meant = {word, *(each.label for each in references.clauses(word))}  # 第十二条 is 第12条
    return bool(meant & {clause.label, clause.written}) or any(word in texts[label] for label in clause.rows)


# Sentences


def headline(found: Index, count: int) -> Sentence:
    """Return 45项指标依据12份文件的31个条款；其中9个条款还没有一项有佐证材料。"""
    if not found.documents:
        return (Span(f"{count}项指标都没有写明文件依据。"),)
    based, documents = count - len(found.unfounded), len(found.documents)
    named = [clause for document in found.documents for clause in document.named]
    told = f"{based}项指标依据{documents}份文件" + (f"的{len(named)}个条款" if named else "，都没有写到条款")
    bare = [clause for clause in named if not clause.evidenced]
    none = f"；另有{len(found.unfounded)}项没有写依据" if found.unfounded else ""
    rest = (Span("；"), Span(_bare(len(bare), len(named)), tone(bare) if bare else "")) if named else ()
    return (Span(told), *rest, Span(f"{none}。"))


def _bare(bare: int, count: int) -> str:
    if bare == count:
        return "还没有一个条款有佐证材料"
    return f"其中{bare}个条款还没有一项有佐证材料" if bare else "每个条款都有佐证材料"


def amount(document: Document, rows: pd.DataFrame) -> str:
    """Return how much rests on a document: 3个条款　8项14分."""
    known = rows["weight"].sum(min_count=1)
    held = f"{len(rows)}项" + ("，没有写明分值" if pd.isna(known) else f"{words.points(known)}")
    return f"{len(document.named)}个条款　{held}" if document.named else held


def shares(rows: pd.DataFrame) -> tuple[Share, ...]:
    """Return the points of some indicators as 稳, 险 and 空."""
    points = rows.groupby("status", observed=True)["weight"].sum().to_dict()
    held = {key: float(sum(points.get(status, 0) for status in statuses)) for key, statuses in words.KEYS.items()}
    return tuple(Share(word, key, held[key]) for word, key in SHARES.items())


def tone(lacking: Sequence[Clause]) -> str:
    """Return the tone of clauses without evidence: a risk where something is reported, unknown where nothing is."""
    return "risk" if any(clause.reported for clause in lacking) else "unknown"


def shown(documents: tuple[Document, ...]) -> str:
    """Return how much of the index the query leaves: 找到3份文件的5个条款."""
    if not documents:
        return "没有符合的文件和条款。"
    named = sum(len(document.named) for document in documents)
    return f"找到{len(documents)}份文件" + (f"的{named}个条款。" if named else "，都没有写到条款。")
