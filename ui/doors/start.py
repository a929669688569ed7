"""The first editor: a single-use link from the terminal, printed only while there is no editor, and the page behind it.

Later ones are added with ``python -m data editors``.
"""

import secrets
from hashlib import sha256
from urllib.parse import urlencode, urlunsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from data.storage.passwords import SHORTEST
from scoring.errors import DashboardError
from ui import editor
from ui.doors import identity, plain_page
from ui.doors.sign_in import HOW_LONG, fields, signed_in, too_long, unencrypted, written, wrong
from ui.markup import text

ANYWHERE = ("", "0.0.0.0", "::")  # addresses to listen at, not to be opened
USED = (
    "这个链接不能用",
    "链接只能用一次，只在还没有编辑时有效：它已经用过，或者不是这次启动打印的。已有编辑的，请点“登录编辑”。",
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


def address(host: str, port: int, path: str, **query: str) -> str:
    """Return the address of a page; ``host`` is where the server listens."""
    name = "127.0.0.1" if host in ANYWHERE else f"[{host}]" if ":" in host else host
    return urlunsplit(("http", f"{name}:{port}", path, urlencode(query), ""))


async def start(request: Request) -> Response:
    """Ask for a name and a password, make them the first editor's and sign this browser in."""
    if request.method == "GET":
        return await run_in_threadpool(_asked, request)
    if too_long(request):
        return plain_page.page(*USED, status=413)
    return await run_in_threadpool(_named, request, await request.form())


ROUTES = (Route("/start", start, methods=["GET", "POST"]),)


def _asked(request: Request) -> Response:
    key = request.query_params.get("key", "")
    return _form(request, FormData(), key) if _is_good(key) else _refused()


def _named(request: Request, form: FormData) -> Response:
    key, password = written(form, "key"), written(form, "password")
    if not _is_good(key):
        return _refused()
    if password != written(form, "again"):
        return _form(request, form, key, "两次写的密码不一样。请再写一次。")
    try:
        made = editor.accounts().add_first(written(form, "name"), password, identity.caller(request))
    except DashboardError as refused:
        return _form(request, form, key, str(refused))
    LINK.use(key)
    return signed_in(request, made, ".")


def _is_good(key: str) -> bool:
    return LINK.fits(key) and not editor.accounts().editors()


def _refused() -> Response:
    return plain_page.page(*USED, '<p><a href="sign-in">登录编辑</a></p>', status=403)


def _form(request: Request, form: FormData, key: str, told: str = "") -> Response:
    asked = fields(form, ("password", "密码", "new-password"), ("again", "再写一遍密码", "new-password"))
    inside = (
        f'<form method="post" action="start"><input type="hidden" name="key" value="{text(key)}">'
        f"{asked}{wrong(told)}{unencrypted(request)}<br><button>开始编辑</button></form>"
    )
    why = f"这里登记第一位编辑，姓名会写进您发布的每一版；密码至少{SHORTEST}个字符。{HOW_LONG}链接用过即失效。"
    return plain_page.page("以谁的名字编辑？", why, inside, home="")


def _hash(key: str) -> bytes:
    return sha256(key.encode()).digest()
