"""The one base class of every error whose text a reader of the screen may see."""


class DashboardError(Exception):
    """Something the reader can act on; ``str()`` is a Chinese sentence: what, where, and what would work."""


class MethodInvalid(DashboardError):
    """A method file that cannot be used; names the entry and what it may hold."""
