"""The HTML shell that Streamlit sends before any script runs: in Chinese, and with the product's stylesheet.

A stylesheet of its own is fetched once and kept; as ``st.html`` it would go to every session and be drawn late.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import markup

HERE = Path(__file__).resolve().parent
STYLES = "/style.css"
SHEETS = ("style.css", "print.css", "meeting.css")
ASSETS = ("/static/", "/media/", "/_stcore/")
ENGLISH = b'<html lang="en"'
KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}  # its address bears its hash


@cache
def styles() -> str:
    """Return the stylesheet: the status colours, the screen, the paper, the meeting's slides."""
    return "\n".join((markup.colours(), *((HERE / name).read_text("utf-8") for name in SHEETS)))


async def _styles(_: Request) -> Response:
    return Response(styles(), media_type="text/css", headers=KEPT)


ROUTES = (Route(STYLES, _styles),)


class Shell:
    """Declare the shell as zh-CN, without which browsers pick Japanese shapes for Chinese characters, and link the styles."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"].startswith(ASSETS):
            await self.app(scope, receive, send)
            return
        plain = [pair for pair in scope["headers"] if pair[0].lower() != b"accept-encoding"]  # to be read here
        await self.app({**scope, "headers": plain}, receive, _Page(send).send)


class _Page:
    """Hold back an HTML response until it is whole; pass everything else through."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            await self._hold(self._start, message)

    async def _hold(self, start: Message, message: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = _in_chinese(self._body) if ENGLISH in self._body else self._body  # else a page of our own
        headers = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def _is_html(message: Message) -> bool:
    headers: dict[bytes, bytes] = {name.lower(): value for name, value in message["headers"]}
    return headers.get(b"content-type", b"").startswith(b"text/html")


def _in_chinese(page: bytes) -> bytes:
    return page.replace(ENGLISH, b'<html lang="zh-CN"', 1).replace(b"</body>", _link(), 1)


@cache
def _link() -> bytes:
    """Return the link, at the end of the body: there it comes after Streamlit's own styles, which it outdoes."""
    version = sha256(styles().encode()).hexdigest()[:12]
    return f'<link rel="stylesheet" href=".{STYLES}?{version}"></body>'.encode()
