"""How somebody becomes an editor: a single-use link from the terminal, a page that asks for a name, a cookie.

These pages are plain HTML outside Streamlit's script: ``/start?key=…`` and ``/logout``.
"""

import secrets
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlencode, urlunsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from data.drafting import plain
from ui import editor
from ui.markup import text

COOKIE = "dashboard_editor"
HEADER = "x-dashboard-editor"  # from the middleware to Streamlit; what comes from outside under this name is dropped
LONGEST_NAME = 20
LONGEST_FORM = 4096  # bytes
ANYWHERE = ("", "0.0.0.0", "::")  # addresses to listen at, not to be opened
LOGO = (Path(__file__).parent / "logo.svg").read_text("utf-8")
STYLE = """
:root{color:#16202E;background:#fff;font:16px/1.7 "Microsoft YaHei UI","Microsoft YaHei","PingFang SC",
"Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",sans-serif}
body{margin:0;padding:20px 48px}svg{height:32px;width:auto;display:block}
main{max-width:34em;margin:9vh 0 0}h1{font-size:32px;line-height:1.35;margin:0 0 .4em}
p{margin:.5em 0;color:#4A5565}p.wrong{color:#B42318}label{display:block;font-weight:600;margin-top:1.6em}
input{font:inherit;width:16em;max-width:100%;box-sizing:border-box;padding:.4em .7em;border:1px solid #7C8798;
border-radius:6px}button{font:inherit;color:#fff;background:#1F4FA3;border:0;border-radius:6px;padding:.45em 1.3em;
cursor:pointer;margin:1em .8em 0 0}a{color:#1F4FA3;text-decoration:none}a:hover{text-decoration:underline}
:focus-visible{outline:2px solid #1F4FA3;outline-offset:2px}
"""
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address holds the key
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
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
        return _page(*USED, status=413)
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
        return _page("退出编辑", "退出后，这个浏览器只能查看。", _button("logout", "退出"))
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return _page("没有退出", "请求来自别的网站，没有照办。请在看板里点退出。", status=403)
    editor.end(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse(".", 303, HEADERS)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


ROUTES = (Route("/start", start, methods=["GET", "POST"]), Route("/logout", logout, methods=["GET", "POST"]))


def _hash(key: str) -> bytes:
    return sha256(key.encode()).digest()


def _too_long(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return not length.isdigit() or int(length) > LONGEST_FORM


def _signed_in(request: Request, token: str) -> Response:
    answer = RedirectResponse(".", 303, HEADERS)
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
        return _page("已登记为编辑", f"这个浏览器以“{known.name}”的名字编辑。", _button("logout", "退出编辑"))
    return _page(*USED, status=403)


def _form(key: str, wrong: str = "") -> HTMLResponse:
    told = f'<p class="wrong" role="alert">{text(wrong)}</p>' if wrong else ""
    inside = (
        f'<form method="post" action="start"><input type="hidden" name="key" value="{text(key)}">'
        f'<label for="name">姓名</label><input id="name" name="name" maxlength="{LONGEST_NAME}" required autofocus '
        f'autocomplete="name">{told}<br><button>开始编辑</button></form>'
    )
    why = f"姓名会写进您发布的每一版。登记{editor.HOURS}小时有效，只对这个浏览器；链接用过即失效。"
    return _page("以谁的名字编辑？", why, inside, home=False)


def _button(action: str, words: str) -> str:
    return f'<form method="post" action="{quote(action)}"><button>{text(words)}</button></form>'


def _page(title: str, why: str, inside: str = "", *, status: int = 200, home: bool = True) -> HTMLResponse:
    back = '<p><a href=".">回到看板</a></p>' if home else ""
    body = f"<header>{LOGO}</header><main><h1>{text(title)}</h1><p>{text(why)}</p>{inside}{back}</main>"
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)} · 绩效考评看板</title><style>{STYLE}</style>"
    )
    return HTMLResponse(
        f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{body}</body></html>', status, HEADERS
    )
