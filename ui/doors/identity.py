"""Whose browser this is: by the cookie of a session, or by what a trusted proxy says; and who is let in at all.

What Streamlit is told is a *ticket* (``data.storage.accounts``), and which browser it is, in headers of ours that are dropped
where they come from outside. A session of Streamlit's can be resumed by its id only with the same two: ids stand in
the addresses of uploads, and so in logs.
"""

import os
import secrets
from hashlib import sha256
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from data.storage.accounts import person_ticket, session_ticket
from ui import editor
from ui.doors import plain_page, settings

COOKIE = "dashboard_editor"
VISITOR = "dashboard_visitor"  # a cookie with nobody behind it: every browser has one of its own
HEADER, VISITOR_HEADER = "x-dashboard-editor", "x-dashboard-visitor"  # from the middleware to Streamlit
TRUSTED = {HEADER: editor.USER_KEY, VISITOR_HEADER: "visitor"}  # and where ``st.user`` has them
ASKED_FIRST = "/_stcore/host-config"  # a page asks for it before its WebSocket, and as its own: with its cookies
LOOPBACK = frozenset({"127.0.0.1", "::1"})
ANYBODY = ("/sign-in", "/sign-out", "/start", "/_stcore/health", "/favicon.png")  # also where only the signed-in look


class Identity:
    """Hand ticket and browser to Streamlit as headers; where only the signed-in may look, turn others away."""

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
        inside = [pair for pair in scope["headers"] if pair[0].lower().decode("latin-1") not in TRUSTED]
        if scope["type"] == "websocket":
            ticket = await run_in_threadpool(known_ticket, connection)
            inside += [(HEADER.encode(), ticket.encode("ascii"))] if ticket else []
            inside.append((VISITOR_HEADER.encode(), _visitor(connection).encode("ascii")))
        await self.app({**scope, "headers": inside}, receive, _made_known(connection, send))


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
    return f"__Host-{name}" if _over_tls(connection) else name


def _over_tls(connection: HTTPConnection) -> bool:
    return connection.url.scheme in ("https", "wss")


def _visitor(connection: HTTPConnection) -> str:
    """Return what tells this browser from others; for one without the cookie something nobody can say again."""
    token = connection.cookies.get(cookie(connection, VISITOR), "") or secrets.token_hex(32)
    return sha256(token.encode()).hexdigest()


def _made_known(connection: HTTPConnection, send: Send) -> Send:
    """Return ``send`` which gives a browser its cookie where it has none."""
    name = cookie(connection, VISITOR)
    if connection.scope["path"] != ASKED_FIRST or connection.cookies.get(name):
        return send
    secure = "; Secure" if _over_tls(connection) else ""
    given = f"{name}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Strict{secure}"

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("Set-Cookie", given)
        await send(message)

    return sending


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
