"""What surrounds the pages in the server: who may ask, the shell, a redirect, errors in Chinese, a warm start."""

import gc
import importlib
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from data.errors import StoreDamaged
from scoring.errors import DashboardError
from ui import editor, session, shell
from ui.doors import hardening, identity, settings, sign_in, start
from ui.markup import md

DEFAULT_PAGE = "/overview"  # Streamlit serves the default page at / and calls its own path not found
WARM = ("ui.session", "ui.tables", "ui.bars", "ui.filters", "ui.figures", "plotly.graph_objects", "data", "scoring")
_log = logging.getLogger(__name__)


class DefaultPage:
    """Redirect the default page's own path to /, with its query."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].rstrip("/") != DEFAULT_PAGE:
            await self.app(scope, receive, send)
            return
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        start = {"type": "http.response.start", "status": 307, "headers": [(b"location", b"./" + query)]}
        await send(start)
        await send({"type": "http.response.body", "body": b""})


ROUTES = (*shell.ROUTES, *start.ROUTES, *sign_in.ROUTES)
MIDDLEWARE = (
    Middleware(hardening.Hardening, routes=tuple(route.path for route in ROUTES), is_editor=identity.is_editor),
    Middleware(identity.Identity),
    Middleware(DefaultPage),
    Middleware(shell.Shell),
)
EXCEPTION_HANDLERS = hardening.EXCEPTION_HANDLERS


def refuse_weak_secrets() -> None:
    """End the process before it serves anybody where a secret that the operator gave can be guessed."""
    told = hardening.weak_secret() or settings.unusable()
    if told:
        sys.exit(told)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[None]:
    """Import everything before the first reader comes, and keep it out of later garbage collections.

    Streamlit is told to believe the identity headers only here, where ``MIDDLEWARE`` stands in front of it.
    """
    config.set_option("server.trustedUserHeaders", identity.TRUSTED)
    for module in WARM:
        importlib.import_module(module)
    _open_store()
    gc.collect()
    gc.freeze()
    _print_addresses()
    yield


def _open_store() -> None:
    """Open the store before the first reader comes; why it cannot be opened is said here, and on every page."""
    try:
        session.source()
    except DashboardError as error:
        print(error, flush=True)  # noqa: T201  # the terminal is where whoever runs it looks


def _print_addresses() -> None:
    """Print who may look where, and where editors sign in; while there is none, the link that makes the first one."""
    host, port = config.get_option("server.address") or "", config.get_option("server.port")
    print(f"绩效考评看板：{start.address(host, port, '')}{settings.openness(host)}", flush=True)  # noqa: T201  # as below
    with suppress(DashboardError):  # _open_store has said why
        if editor.accounts().editors():
            told = f"登录编辑：{start.address(host, port, '/sign-in')}"
        else:
            told = f"登记第一位编辑（链接只能用一次）：{start.address(host, port, '/start', key=start.LINK.issue())}"
        print(told, flush=True)  # noqa: T201  # the terminal is where it is given out


def on_script_error(error: Exception) -> bool:
    """Show a Chinese sentence instead of a traceback; ours say what would work, the others go to the log."""
    if isinstance(error, StoreDamaged):
        session.source.clear()  # the next run looks for what is still whole
    if isinstance(error, DashboardError):
        st.error(md(error))
        return True
    _log.error("page failed", exc_info=error)
    st.error("这一页没有画出来，其他页面不受影响。请刷新；仍不行时，请把刚才的操作和时间告诉维护人员。")
    return True
