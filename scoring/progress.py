"""How far an indicator is: the first of its sources that says something decides (rule 7)."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring import completion
from scoring.completion import VERDICTS, Statements, Verdict
from scoring.method import Method
from scoring.standing import Standing, Standings, furthest, holds, of_table, verdict

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SOURCES = ("reported", "targets", "percent", "words")  # in the order they are asked
SLACK = 1e-9  # what rounding in binary may add or take
_ALIKE = 0.01  # shares that differ by rounding only do not contradict each other
_APART = 0.05  # beyond what the targets' figures give, a reported share contradicts them; below, it may weigh them


@dataclass(frozen=True)
class Source:
    """What one source says of every indicator: the share of the way (NaN: none) and a verdict (0: none)."""

    name: str
    share: Floats
    verdict: npt.NDArray[np.int8]  # positions in VERDICTS


@dataclass(frozen=True)
class Progress:
    """What the first source that speaks says; ``source`` is its position in SOURCES, -1 where none speaks."""

    share: Floats
    verdict: npt.NDArray[np.int8]
    source: npt.NDArray[np.intp]


def sources(table: pd.DataFrame, statements: Statements, standings: Standings) -> tuple[Source, ...]:
    """Return what each source says of the table's rows, in the order of ``SOURCES``."""
    silent = np.zeros(len(table), dtype="int8")
    reported = table["reported_progress"].to_numpy("float64")
    usable = np.isfinite(reported) & (reported >= 0)
    finished = statements.verdict == VERDICTS.index("done")
    return (
        Source("reported", np.where(usable, reported, np.nan), silent),
        Source("targets", standings.share, standings.verdict),
        Source("percent", statements.percent, silent),
        Source("words", np.where(finished, 1.0, np.nan), statements.verdict),
    )


def first(said: tuple[Source, ...]) -> Progress:
    """Return for every indicator what the first source that speaks says."""
    length = len(said[0].share)
    progress = Progress(np.full(length, np.nan), np.zeros(length, dtype="int8"), np.full(length, -1, dtype="intp"))
    for source in reversed(said):
        speaks = ~np.isnan(source.share) | (source.verdict > 0)
        np.copyto(progress.share, source.share, where=speaks)
        np.copyto(progress.verdict, source.verdict, where=speaks)
        np.copyto(progress.source, SOURCES.index(source.name), where=speaks)
    return progress


def done(progress: Progress) -> Flags:
    """Return where all is done: a verdict decides; without one, the whole way."""
    said: Flags = progress.verdict == VERDICTS.index("done")
    return np.where(progress.verdict > 0, said, progress.share >= 1 - SLACK)


# Contradictions


def disagreements(table: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return the rows whose sources contradict each other: 完成进度 100% beside 完成率63%, 已完成 beside 2 of 3场.

    Columns: ``reported`` and ``percent`` (shares, NaN where silent), ``words`` (done, on_pace, behind or "") and
    ``standing`` (the target whose figure is contradicted, None without one); the index is the table's. Shares less than
    one percentage point apart agree; words contradict a share where one of them says that all is done and the other
    does not. No deadline matters here: nothing in a table contradicts the calendar.
    """
    return contradicted(table, completion.read_all(table["completion"], method), of_table(table, method))


def contradicted(table: pd.DataFrame, statements: Statements, standings: Standings) -> pd.DataFrame:
    """Return ``disagreements`` where its texts and targets have been read already."""
    reported, _, percent, words = sources(table, statements, standings)
    finished = words.verdict == VERDICTS.index("done")
    behind = words.verdict == VERDICTS.index("behind")
    apart = np.abs(reported.share - percent.share) > _ALIKE
    for numeric in (reported.share, percent.share):
        apart |= (finished & (numeric < 1 - _ALIKE)) | (behind & (numeric >= 1))
    against: list[Standing | None] = [None] * len(table)
    for place in np.flatnonzero(standings.verdict):
        judged = standings.different[standings.codes[place]]
        said = (float(reported.share[place]), float(percent.share[place]))
        against[place] = _contradicted(judged, said, VERDICTS[words.verdict[place]])
    told = {
        "reported": reported.share,
        "percent": percent.share,
        "words": np.array(VERDICTS, dtype=object)[words.verdict],
        "standing": pd.Series(against, index=table.index, dtype="object"),
    }
    apart |= np.array([one is not None for one in against], dtype=bool)
    return pd.DataFrame(told, index=table.index)[apart]


def _contradicted(judged: tuple[Standing, ...], shares: tuple[float, ...], words: Verdict) -> Standing | None:
    """Return the target whose figure the row's shares or words contradict; an average of several contradicts none."""
    short = tuple(one for one in judged if _is_short(one))
    if short and (words == "done" or any(share >= 1 - _ALIKE for share in shares)):
        return furthest(short)
    reached = [min(one.share, 1.0) for one in judged]
    if any(map(math.isnan, reached)):
        return None
    least, most = min(reached) - _APART, max(reached) + _APART
    outside = any(min(share, 1.0) < least or min(share, 1.0) > most for share in shares)
    return furthest(judged) if outside or (words == "behind" and verdict(judged) == "done") else None


def _is_short(one: Standing) -> bool:
    return one.actual is not None and not holds(one.target, one.actual.value) and not one.share >= 1 - _ALIKE
