"""Whose browser this is: by the cookie of a session, or by what a trusted proxy says; and who is let in at all.

What Streamlit is told is a *ticket* (``data.accounts``), in a header of ours that is dropped where it comes from
outside. A session of Streamlit's can be resumed by its id only with the same ticket.
"""

import os
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from data.accounts import person_ticket, session_ticket
from ui import editor, plain_page, settings

COOKIE = "dashboard_editor"
HEADER = "x-dashboard-editor"  # from the middleware to Streamlit
LOOPBACK = frozenset({"127.0.0.1", "::1"})
ANYBODY = ("/sign-in", "/sign-out", "/start", "/_stcore/health", "/favicon.png")  # also where only the signed-in look


class Identity:
    """Hand the ticket to Streamlit as a header; where only the signed-in may look, turn others away."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if settings.access().signed_in_only and not await run_in_threadpool(_may_look, connection):
            await _turned_away(scope, receive, send)
            return
        inside = [pair for pair in scope["headers"] if pair[0].lower() != HEADER.encode()]
        if scope["type"] == "websocket":
            ticket = await run_in_threadpool(known_ticket, connection)
            inside += [(HEADER.encode(), ticket.encode("ascii"))] if ticket else []
        await self.app({**scope, "headers": inside}, receive, send)


def known_ticket(connection: HTTPConnection) -> str:
    """Return the ticket of whoever is signed in here; "" for everybody else."""
    person = _named_by_proxy(connection)
    if person:
        return person_ticket(person)
    token = connection.cookies.get(cookie(connection, COOKIE), "")
    ticket = session_ticket(token) if token else ""
    return ticket if editor.name_of(ticket) else ""


def is_editor(connection: HTTPConnection) -> bool:
    """Tell whether an editor's browser sent this."""
    return editor.name_of(known_ticket(connection)) is not None


def cookie(connection: HTTPConnection, name: str) -> str:
    """Return a cookie's name: with TLS one that only this host, and only over TLS, can have set."""
    return f"__Host-{name}" if connection.url.scheme in ("https", "wss") else name


def caller(connection: HTTPConnection) -> str:
    """Return the address of the browser, as far as it can be believed."""
    forwarded = connection.headers.getlist("x-forwarded-for")
    if not forwarded or _from_proxy(connection):
        return connection.client.host if connection.client else ""
    return "转发"  # anybody on this machine can claim any address: they share one


def _named_by_proxy(connection: HTTPConnection) -> str:
    header = settings.access().user_header
    given = connection.headers.getlist(header) if header else []
    if len(given) != 1 or not _from_proxy(connection):  # two: one of them may be the browser's own
        return ""
    try:
        return unquote(given[0].encode("latin-1").decode("utf-8"), errors="strict").strip()
    except UnicodeDecodeError:
        return ""


def _from_proxy(connection: HTTPConnection) -> bool:
    """Tell whether the trusted proxy sent this.

    The server, which puts a forwarded address in the peer's place, does so for peers in FORWARDED_ALLOW_IPS (loopback
    unless set), with port 0: then the peer was one of those. A forwarded address with a port could be any peer's.
    """
    proxy, client = settings.access().proxy, connection.client
    if not proxy or client is None:
        return False
    trusted = LOOPBACK if proxy in LOOPBACK else frozenset({proxy})
    if client.port == 0:
        return set(os.environ.get("FORWARDED_ALLOW_IPS", ",".join(LOOPBACK)).replace(" ", "").split(",")) <= trusted
    claimed = ",".join(connection.headers.getlist("x-forwarded-for"))
    return client.host in trusted and client.host not in claimed


def _may_look(connection: HTTPConnection) -> bool:
    return connection.url.path in ANYBODY or bool(known_ticket(connection))


async def _turned_away(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    connection = HTTPConnection(scope)
    if "text/html" not in connection.headers.get("accept", ""):
        await PlainTextResponse("请先登录。", 401, plain_page.HEADERS)(scope, receive, send)
        return
    back = connection.url.path.strip("/") + (f"?{connection.url.query}" if connection.url.query else "")
    await RedirectResponse(f"/sign-in?next={quote(back)}", 303, plain_page.HEADERS)(scope, receive, send)
