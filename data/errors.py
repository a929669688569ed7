"""What can be wrong with a file or with what is kept."""

from scoring.errors import DashboardError


class WorkbookRejected(DashboardError):
    """A file that is no readable evaluation table.

    ``code`` is stable and English; ``str()`` says in Chinese what was looked for, where, and what would work.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code

    def __str__(self) -> str:
        return str(self.args[1])


class PlanInvalid(DashboardError):
    """A plan.toml that cannot be used; names the entry and what it may hold."""


class RowUnknown(DashboardError):
    """A row that the table of a version does not have."""


class EditorNeeded(DashboardError):
    """Somebody who is no editor, or no longer, asked for what only editors may do."""

    def __init__(self) -> None:
        super().__init__(
            "发布、恢复、改方案和取原件要先登录：还没有登录，或登录已过期、已停用。这次没有改动任何数据。"
            "请点“登录编辑”，登录后再试。"
        )


class DecisionInvalid(DashboardError):
    """A 议定事项 that says nothing, says too much, or is none of the plan's."""


class StoreBusy(DashboardError):
    """Another process writes for longer than we wait; nothing has changed."""


class StoreDamaged(DashboardError):
    """What is kept is not what was written, by its hash, its chain or the database's own word."""


class StoreUnusable(DashboardError):
    """A database that cannot be opened, written or copied: its place, rights, space or schema."""


class BulkRefused(DashboardError):
    """A source, a target or a cluster with which bulk scoring cannot work."""
