"""Where a request comes from: the name by which the server was called, and the page that sent it.

A page on a foreign name that is made to lead here (DNS rebinding) would else read everything; Streamlit serves any name.
"""

import os
import re
import socket
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

VARIABLE = "DASHBOARD_HOSTS"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
READING = ("GET", "HEAD", "OPTIONS")


def called_by_its_name(connection: HTTPConnection) -> bool:
    """Tell whether Host is loopback, this machine's name, the address it was reached at, or in ``DASHBOARD_HOSTS``."""
    given = connection.headers.getlist("host")
    name = host_name(given[0]) if len(given) == 1 else ""
    return bool(name) and (name in _names(os.environ.get(VARIABLE, "")) or name == _reached_at(connection))


def from_its_own_page(connection: HTTPConnection) -> bool:
    """Tell whether what changes something, or opens a WebSocket, comes from a page of this server, or from no page."""
    if connection.scope.get("method") in READING:
        return True
    site, origin = connection.headers.get("sec-fetch-site"), connection.headers.get("origin")
    if site not in (None, "same-origin", "none"):
        return False
    if origin == "null":  # so says a browser of a form on our own page without a referrer, and of a page that hides
        return site == "same-origin" and connection.scope["type"] == "http"
    # to the letter: of any other origin Streamlit asks the internet whether it is this machine's
    return origin is None or _authority(origin) == connection.headers.get("host", "")


def over_tls_or_loopback(connection: HTTPConnection) -> bool:
    """Tell whether nobody on the way can have read or changed this."""
    return connection.scope.get("scheme") == "https" or host_name(connection.headers.get("host", "")) in LOOPBACK


def host_name(host: str) -> str:
    """Return the name in a Host header, lower case and without the port; "" where it is none."""
    if not re.fullmatch(r"[A-Za-z0-9_.:\[\]-]+", host):
        return ""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return ""
    return (parts.hostname or "").rstrip(".")


def _authority(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return "?"


@lru_cache(maxsize=4)
def _names(more: str) -> frozenset[str]:
    added = (host_name(name) for name in re.split(r"[\s,;]+", more) if name)
    return LOOPBACK | {socket.gethostname().lower()} | {name for name in added if name}


def _reached_at(connection: HTTPConnection) -> str:
    """Return the machine's own address at which this connection came in, written as a browser writes it."""
    server = connection.scope.get("server")
    try:
        address = ip_address(server[0].partition("%")[0]) if server else None
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address or "")
