"""How far an indicator is: the first of its sources that says something decides (rule 7)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring import completion
from scoring.completion import VERDICTS, Statements
from scoring.method import Method

Floats = npt.NDArray[np.float64]

SOURCES = ("reported", "targets", "percent", "words")  # in the order they are asked
_ALIKE = 0.01  # shares that differ by rounding only do not contradict each other


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


def sources(table: pd.DataFrame, statements: Statements) -> tuple[Source, ...]:
    """Return the sources that there are, in the order of ``SOURCES``; numeric targets join between the first two."""
    silent = np.zeros(len(table), dtype="int8")
    reported = table["reported_progress"].to_numpy("float64")
    usable = np.isfinite(reported) & (reported >= 0)
    done = statements.verdict == VERDICTS.index("done")
    return (
        Source("reported", np.where(usable, reported, np.nan), silent),
        Source("percent", statements.percent, silent),
        Source("words", np.where(done, 1.0, np.nan), statements.verdict),
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


def disagreements(table: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return the rows whose sources contradict each other: 完成进度 100% beside 完成率63%, 63% beside 已完成.

    Columns: ``reported`` and ``percent`` (shares, NaN where silent) and ``words`` (done, on_pace, behind or "");
    the index is the table's. Shares less than one percentage point apart agree; words contradict a share where one
    of them says that all is done and the other does not.
    """
    reported, percent, words = sources(table, completion.read_all(table["completion"], method))
    done = words.verdict == VERDICTS.index("done")
    behind = words.verdict == VERDICTS.index("behind")
    apart = np.abs(reported.share - percent.share) > _ALIKE
    for numeric in (reported.share, percent.share):
        apart |= (done & (numeric < 1 - _ALIKE)) | (behind & (numeric >= 1))
    return pd.DataFrame(
        {
            "reported": reported.share,
            "percent": percent.share,
            "words": np.array(VERDICTS, dtype=object)[words.verdict],
        },
        index=table.index,
    )[apart]
