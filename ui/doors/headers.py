"""The headers of every answer. Scripts come from this server alone; none stands in a page but Streamlit's own one."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send
from streamlit import file_util

_POLICY = (
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",  # Streamlit's own styles are written into the page while it runs
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "media-src 'self' blob:",
    "frame-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), fullscreen=(self)",
}
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def policy() -> str:
    """Return the Content-Security-Policy, with the hash of the script that stands in Streamlit's index.html."""
    page = (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8")
    hashes = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in _INLINE.findall(page)]
    # blob: is how Streamlit mounts components; nothing but a script that runs already can make one
    return "; ".join((*_POLICY, " ".join(("script-src 'self' 'wasm-unsafe-eval' blob:", *hashes))))


def added(send: Send, path: str, *, trustworthy: bool) -> Send:
    """Return ``send`` which gives an answer the headers that it does not have itself.

    ``trustworthy`` tells of TLS or loopback; elsewhere browsers complain of what they ignore there.
    """

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", policy())
            if trustworthy:
                headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
            if path.startswith("/media/"):  # originals and papers, which a shared computer should not keep
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sending
