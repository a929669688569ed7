"""The panel's scores of each indicator: how far apart they lie and what they cost. Who gave which is not kept."""

import numpy as np
import pandas as pd

from scoring.method import Method
from scoring.score import panel_top, usable_scores

COLUMNS = ("given", "top", "mean", "low", "high", "spread", "lost")


def spreads(scored: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return a row for each indicator with a usable panel score (rule 4), on the table's index: ``COLUMNS``.

    ``given`` is the tuple of scores in ascending order, on the panel's scale up to ``top``; ``mean``, ``low``, ``high``
    are on the same scale, ``spread`` is high less low as a share of ``top`` (0 where the top is 0), ``lost`` is in points.
    """
    scores, top = np.sort(usable_scores(scored, method), axis=1), panel_top(scored, method)
    there = ~np.isnan(scores[:, 0])  # NaN is sorted to the end
    scores, top = scores[there], top[there]
    low, high = scores[:, 0], np.nanmax(scores, axis=1, initial=0)
    frame = pd.DataFrame({"top": top, "mean": np.nanmean(scores, axis=1), "low": low, "high": high})
    frame["spread"] = np.divide(high - low, top, out=np.zeros(len(top)), where=top > 0)
    frame["lost"] = (scored["weight"] - scored["score"]).to_numpy("float64")[there]
    frame["given"] = [tuple(row[~np.isnan(row)].tolist()) for row in scores]
    frame.index = scored.index[there]
    return frame[list(COLUMNS)]
