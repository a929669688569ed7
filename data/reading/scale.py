"""权重 written as shares of the whole instead of points: 5%, or 0.05 where all add up to 1."""

from collections.abc import Iterable
from dataclasses import dataclass

from data.reading.lines import Line
from data.reading.values import Number, number

_FEW = 4  # rows; so few shares may as well be points


@dataclass(frozen=True)
class WeightScale:
    """What one unit of the weight column is worth in points; ``code`` names the finding that tells it, "" for none."""

    factor: float
    code: str

    def points(self, value: float | None) -> float | None:
        """Return a value of the weight column in points."""
        return None if value is None else round(value * self.factor, 10)


POINTS = WeightScale(1, "")


def weight_scale(lines: Iterable[Line]) -> WeightScale:
    """Tell by the indicators' weights whether the column holds points, percentages or shares of 1."""
    read = [number(line.values["weight"], line.weight_format) for line in lines if line.kind == "indicator"]
    weights = [found for found in read if found.value is not None]
    if weights and all(found.percent for found in weights):
        return WeightScale(100, "weights_as_percent")
    return WeightScale(100, "weights_as_share") if _are_shares(weights) else POINTS


def _are_shares(weights: list[Number]) -> bool:
    values = [found.value or 0.0 for found in weights]
    return len(values) > _FEW and all(0 <= value < 1 for value in values) and abs(sum(values) - 1) < 0.02
