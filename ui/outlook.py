"""推演: the outlook of the bureau, its departments and leaders, and what is worth doing."""

from reports import words
from ui import markup
from ui.session import View


def headline(view: View) -> str:
    """Return the page's H1."""
    return markup.headline(words.overview(view.total, view.plan))
