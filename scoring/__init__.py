"""The rules of the trade: from an evaluation table and a method to points, progress, status and sums."""

from scoring import summary
from scoring.method import Method, Rule
from scoring.progress import disagreements
from scoring.score import score
from scoring.status import carried_over
from scoring.summary import phase

__all__ = ["Method", "Rule", "carried_over", "disagreements", "phase", "score", "summary"]
