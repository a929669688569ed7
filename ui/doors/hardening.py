"""What this server answers at all, and to whom; every request comes through here first.

Streamlit alone serves any host name, keeps the files of anybody who sends some, and lets any reader clear the caches
of all others (docs/decisions/0013-hardened-server.md).
"""

import asyncio
import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg

from data.storage.secret import SHORTEST, VARIABLE
from ui.doors import callers, headers, plain_page

STREAM, UPLOAD = "/_stcore/stream", "/_stcore/upload_file/"
SERVED = ("/_stcore/health", "/_stcore/host-config", STREAM, "/favicon.png")
BELOW = ("/static/", "/media/", UPLOAD)
PAGES = tuple(
    f"/{file.stem.replace('_', '-')}" for file in (Path(__file__).resolve().parents[2] / "pages").glob("*.py")
)
MESSAGES = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request")
OPERATIONS = ("deferred_file", "dataframe_chunk")  # of a backend_operation_request; the others write files
SAMPLES = re.compile(r"change.?me|example|sample|placeholder|password|secret|default|qwerty|1234567|abcdef", re.I)
FEWEST_SIGNS = 10  # different ones in a secret
LARGEST = 2 * 2**20  # bytes of a message: the widgets of a page hold 1 MB at most, and files come another way
PAUSE = 0.3  # seconds before whoever was refused is heard again
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    """Why something is not answered."""

    status: int
    title: str
    why: str


FOREIGN_NAME = Refusal(
    421,
    "这个地址打不开看板",
    "看板只应答自己的地址。请用管理员给的地址打开；要用别的域名或经代理访问，请管理员把域名写进环境变量"
    f" {callers.VARIABLE}，并让代理原样传递 Host。",
)
FOREIGN_PAGE = Refusal(
    403, "没有照办", "请求来自别的网站。请在看板自己的页面里操作；经代理访问时，代理须原样传递 Host。"
)
NOT_FOUND = Refusal(404, "没有这一页", "地址可能抄漏了，或这一页已经改名。请回到看板，从上面的菜单进入。")
NO_EDITOR = Refusal(403, "没有收下文件", "上传只对编辑开放：请先登录，再选一次文件。")
NOT_HERE = Refusal(404, "没有收下文件", "这个页面和看板的连接已经断开。请刷新页面，再选一次文件。")
TOO_LARGE = Refusal(413, "文件太大", "没有收下文件。请删去图片或多余的表，分开保存后再上传。")
REFUSED = Refusal(
    400, "这个请求没有照办", "看板没有看懂它。请回到看板再试；仍不行时，请把刚才的操作和时间告诉维护人员。"
)
FAILED = Refusal(
    500, "这一页没有打开", "看板出了错，数据没有改动。请刷新；仍不行时，请把刚才的操作和时间告诉维护人员。"
)
_BY_STATUS = {refusal.status: refusal for refusal in (NOT_FOUND, TOO_LARGE)}


class Hardening:
    """Refuse what is not for the one who asks, drop messages that touch other readers, add the headers.

    ``routes`` are the further addresses that are served; ``is_editor`` tells of a connection whether an editor's
    browser made it.
    """

    def __init__(self, app: ASGIApp, routes: tuple[str, ...], is_editor: Callable[[HTTPConnection], bool]) -> None:
        self.app = app
        self._addresses = frozenset(("/", *PAGES, *SERVED, *routes))
        self._is_editor = is_editor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one WebSocket."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = await self._refusal(HTTPConnection(scope))
        if scope["type"] == "websocket":
            await (_closed(send) if refusal else self.app(scope, _without_harm(receive), send))
            return
        answer: ASGIApp = page(refusal, scope["path"]) if refusal else self.app
        trustworthy = callers.over_tls_or_loopback(HTTPConnection(scope))
        await answer(scope, receive, headers.added(send, scope["path"], trustworthy=trustworthy))

    async def _refusal(self, connection: HTTPConnection) -> Refusal | None:
        path = connection.scope["path"]
        if not callers.called_by_its_name(connection):
            return FOREIGN_NAME
        if not callers.from_its_own_page(connection):
            return FOREIGN_PAGE
        if (path.rstrip("/") or "/") not in self._addresses and not path.startswith(BELOW):
            return NOT_FOUND
        if connection.scope["type"] == "websocket" and path != STREAM:
            return NOT_FOUND
        if path.startswith(UPLOAD) and not await run_in_threadpool(self._is_editor, connection):
            await asyncio.sleep(PAUSE)  # meanwhile nothing of the file is read
            return NO_EDITOR
        return None


def page(refusal: Refusal, path: str) -> Response:
    """Return a refusal as a page with a way back from ``path``."""
    home = "../" * (path.count("/") - 1) or "."
    return plain_page.page(refusal.title, refusal.why, status=refusal.status, home=home)


async def on_refusal(request: Request, error: HTTPException) -> Response:
    """Answer what Streamlit or a route refuses.

    A proxy takes 404 for an upload as a reason to ask the next replica: that one may have the session.
    """
    if error.detail.startswith("Invalid session_id"):
        return page(NOT_HERE, request.url.path)
    refusal = _BY_STATUS.get(error.status_code, REFUSED)
    answer = page(refusal, request.url.path)
    answer.status_code = error.status_code
    return answer


async def on_failure(request: Request, _: Exception) -> Response:
    """Answer where something failed outside the pages' script; the server's log has the traceback."""
    return page(FAILED, request.url.path)


EXCEPTION_HANDLERS = {HTTPException: on_refusal, Exception: on_failure}


def weak_secret() -> str:
    """Return a sentence where a secret that the operator gave can be guessed, "" where none can."""
    given = {
        VARIABLE: os.environ.get(VARIABLE),
        "STREAMLIT_SERVER_COOKIE_SECRET": _configured("server.cookieSecret"),
    }
    for name, value in given.items():
        if value is not None and is_weak(value):
            return (
                f"没有启动：{name} 太短，或是示例里的文字，别人猜得到。请改为至少{SHORTEST}个字符的随机文字"
                "（可用 python -c 'import secrets; print(secrets.token_hex(32))' 生成），或不设。"
            )
    return ""


def is_weak(secret: str) -> bool:
    """Tell whether a secret is short, monotonous or a known sample."""
    return len(secret) < SHORTEST or len(set(secret)) < FEWEST_SIGNS or bool(SAMPLES.search(secret))


def _configured(option: str) -> str | None:
    """Return what somebody set; Streamlit itself fills in random text."""
    return None if config.get_where_defined(option) == "<default>" else str(config.get_option(option))


async def _closed(send: Send) -> None:
    await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403


def _without_harm(receive: Receive) -> Receive:
    """Drop what would touch other readers; whoever sent it is heard again after a pause, so a flood stays outside."""
    told = False  # once for each socket: a flood must not fill the log either

    async def receiving() -> Message:
        nonlocal told
        while True:
            message = await receive()
            if message["type"] != "websocket.receive" or _is_harmless(message.get("bytes") or b""):
                return message
            if not told:
                _log.warning("messages that would touch other readers are dropped")
            told = True
            await asyncio.sleep(PAUSE)

    return receiving


def _is_harmless(frame: bytes) -> bool:
    if len(frame) > LARGEST:
        return False
    message = BackMsg()
    try:
        message.ParseFromString(frame)
    except DecodeError:
        return False
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in OPERATIONS
    return kind in MESSAGES
