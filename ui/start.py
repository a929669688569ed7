"""How somebody becomes an editor: a single-use link from the terminal, a page that asks for a name, a cookie.

These pages are plain HTML outside Streamlit's script: ``/start?key=…`` and ``/logout``.
"""

import secrets
from hashlib import sha256
from urllib.parse import quote, urlencode, urlunsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from data.drafting import plain
from ui import editor, plain_page
from ui.markup import text

COOKIE = "dashboard_editor"
HEADER = "x-dashboard-editor"  # from the middleware to Streamlit; what comes from outside under this name is dropped
LONGEST_NAME = 20
LONGEST_FORM = 4096  # bytes
ANYWHERE = ("", "0.0.0.0", "::")  # addresses to listen at, not to be opened
USED = (
    "这个链接不能用",
    "链接只能用一次：它已经用过，或者不是这次启动打印的。重新启动看板，终端里会打印新的链接；"
    f"已登记的浏览器在{editor.HOURS}小时内不受影响。",
)


class StartLink:
    """The key of the start link; only its hash is kept, and nothing once it was used."""

    def __init__(self) -> None:
        self._hash: bytes | None = None

    def issue(self) -> str:
        """Return a new key of 256 bits; the one before it is no longer good."""
        key = secrets.token_urlsafe(32)
        self._hash = _hash(key)
        return key

    def fits(self, key: str) -> bool:
        """Tell whether this is the key, without using it up."""
        return self._hash is not None and secrets.compare_digest(self._hash, _hash(key))

    def use(self, key: str) -> bool:
        """Tell whether this was the key, which it is no longer."""
        fits = self.fits(key)
        if fits:
            self._hash = None
        return fits


LINK = StartLink()


class Identity:
    """Hand the cookie's session to Streamlit as a header, and drop a header of that name from outside."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] in ("http", "websocket"):
            inside = [pair for pair in scope["headers"] if pair[0].lower() != HEADER.encode()]
            token = HTTPConnection(scope).cookies.get(COOKIE, "") if scope["type"] == "websocket" else ""
            if editor.of(token):
                inside.append((HEADER.encode(), token.encode("ascii")))
            scope = {**scope, "headers": inside}
        await self.app(scope, receive, send)


def address(host: str, port: int, key: str) -> str:
    """Return the start link; ``host`` is where the server listens."""
    name = "127.0.0.1" if host in ANYWHERE else f"[{host}]" if ":" in host else host
    return urlunsplit(("http", f"{name}:{port}", "/start", urlencode({"key": key}), ""))


async def start(request: Request) -> Response:
    """Ask for a name, then give this browser an editor's session."""
    if request.method == "GET":
        key = request.query_params.get("key", "")
        return _form(key) if LINK.fits(key) else _refused(request)
    if _too_long(request):
        return plain_page.page(*USED, status=413)
    form = await request.form()
    key, name = str(form.get("key", "")), " ".join(plain(str(form.get("name", ""))).split())
    if not LINK.fits(key):
        return _refused(request)
    if not 0 < len(name) <= LONGEST_NAME:
        return _form(key, f"请写姓名，不超过{LONGEST_NAME}个字。")
    token = editor.sign(name)
    return _signed_in(request, token) if LINK.use(key) else _refused(request)


async def logout(request: Request) -> Response:
    """Ask, then end this browser's session; a link from elsewhere ends nothing."""
    if request.method == "GET":
        return plain_page.page("退出编辑", "退出后，这个浏览器只能查看。", _button("logout", "退出"))
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return plain_page.page("没有退出", "请求来自别的网站，没有照办。请在看板里点退出。", status=403)
    editor.end(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse(".", 303, plain_page.HEADERS)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


ROUTES = (Route("/start", start, methods=["GET", "POST"]), Route("/logout", logout, methods=["GET", "POST"]))


def _hash(key: str) -> bytes:
    return sha256(key.encode()).digest()


def _too_long(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return not length.isdigit() or int(length) > LONGEST_FORM


def _signed_in(request: Request, token: str) -> Response:
    answer = RedirectResponse(".", 303, plain_page.HEADERS)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=editor.HOURS * 3600,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


def _refused(request: Request) -> Response:
    known = editor.of(request.cookies.get(COOKIE, ""))
    if known:
        return plain_page.page("已登记为编辑", f"这个浏览器以“{known.name}”的名字编辑。", _button("logout", "退出编辑"))
    return plain_page.page(*USED, status=403)


def _form(key: str, wrong: str = "") -> Response:
    told = f'<p class="wrong" role="alert">{text(wrong)}</p>' if wrong else ""
    inside = (
        f'<form method="post" action="start"><input type="hidden" name="key" value="{text(key)}">'
        f'<label for="name">姓名</label><input id="name" name="name" maxlength="{LONGEST_NAME}" required autofocus '
        f'autocomplete="name">{told}<br><button>开始编辑</button></form>'
    )
    why = f"姓名会写进您发布的每一版。登记{editor.HOURS}小时有效，只对这个浏览器；链接用过即失效。"
    return plain_page.page("以谁的名字编辑？", why, inside, home=False)


def _button(action: str, words: str) -> str:
    return f'<form method="post" action="{quote(action)}"><button>{text(words)}</button></form>'
