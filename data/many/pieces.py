"""Work in pieces: how it is handed out, and what is said of it when it is done."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TextIO, TypeVar

_WIDTH = 10  # of the bar, in characters

Piece = TypeVar("Piece")
Result = TypeVar("Result")

# (work, pieces) -> each piece's place and result, in any order; None for a piece that made its process die every time
Spread = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[tuple[int, Any]]]


@dataclass(frozen=True)
class Done:
    """What a run did, as a sentence, and a sentence for everything that could not be scored."""

    told: str
    faults: tuple[str, ...] = ()


class Job(Protocol):
    """What is to be done, whoever does it."""

    def run(self, spread: Spread) -> Done:
        """Do it, handing out the work with ``spread``."""


def alone(work: Callable[[Piece], Result], pieces: Sequence[Piece]) -> Iterator[tuple[int, Result]]:
    """Do the work on one piece after the other, in this process."""
    return ((place, work(piece)) for place, piece in enumerate(pieces))


def with_bar(spread: Spread, stream: TextIO) -> Spread:
    """Return a ``Spread`` that draws on a stream how many pieces are done: one line on a terminal, else ten."""

    def shown(work: Callable[[Any], Any], pieces: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        drawn = ""
        for count, result in enumerate(spread(work, pieces), start=1):
            bar = _bar(count, len(pieces))
            if stream.isatty() or count == len(pieces) or bar[:_WIDTH] != drawn[:_WIDTH]:
                stream.write(f"\r{bar}" if stream.isatty() else f"{bar}\n")
                stream.flush()
            drawn = bar
            yield result
        if stream.isatty() and drawn:
            stream.write("\n")

    return shown


def _bar(count: int, pieces: int) -> str:
    tenths = 10 * count // pieces
    return f"{'█' * tenths}{'░' * (_WIDTH - tenths)} {count}/{pieces}"
