"""A page asked for without a browser: Streamlit's own protocol over its WebSocket, with any cookie and any header."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

T = TypeVar("T")
ANSWER_SECONDS = 60


def done(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: where a browser is open, the main one has a loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Connection:
    """A WebSocket that waits for its answers. It has one thread of its own: the library's blocking client reads and
    writes in two, by which TLS loses bytes in Python before 3.13."""

    def __init__(self, address: str, protocols: list[str], headers: dict[str, str]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()
        try:
            self._socket = self._done(_connected(address, protocols, headers))
        except BaseException:
            self._end()
            raise

    def send(self, message: bytes) -> None:
        self._done(self._socket.send(message))

    def recv(self, seconds: float) -> bytes:
        return self._done(asyncio.wait_for(self._socket.recv(decode=False), seconds))

    def close(self) -> None:
        self._done(self._socket.close())
        self._end()

    def _done(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _connected(address: str, protocols: list[str], headers: dict[str, str]) -> Any:
    names = [Subprotocol(name) for name in protocols]
    return await connect(address, subprotocols=names, additional_headers=headers, max_size=None)


@dataclass(frozen=True)
class Opened:
    """A page that stands: its session's id, its HTML, and the connection that keeps it alive."""

    session: str
    html: str
    connection: Connection


@contextmanager
def opened(
    address: str, page: str, *, cookie: str = "", headers: dict[str, str] | None = None, session: str = ""
) -> Iterator[Opened]:
    """Open ``page`` (its address without the slash, with a query or without); ``session`` is one to be resumed."""
    protocols = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([session] if session else [])]
    sent = (headers or {}) | ({"Cookie": cookie} if cookie else {})
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    with closing(Connection(stream, protocols, sent)) as connection:
        number, html = run(connection, page)
        yield Opened(number, html, connection)


def run(connection: Connection, page: str) -> tuple[str, str]:
    """Run a page's script once; return the session's id and the HTML that it drew."""
    _ask(connection, page)
    number, html = "", []
    for answer in answers(connection, "script_finished"):
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            number = answer.new_session.initialize.session_id
        elif kind == "delta":
            html.append(drawn(answer.delta.new_element))
    return number, "\n".join(html)


def drawn(element: Any) -> str:
    """Return the HTML of an element, a headline among them; "" for all others."""
    return f"<{element.heading.tag}>{element.heading.body}" if element.HasField("heading") else str(element.html.body)


def prepared(there: Opened, page: str) -> str:
    """Run a page's script; return the address, on the same server, of the file behind its first download button."""
    connection = there.connection
    _ask(connection, page)
    drawn = [answer.delta.new_element for answer in answers(connection, "script_finished")]
    file = next(each.download_button.deferred_file_id for each in drawn if each.WhichOneof("type") == "download_button")
    message = BackMsg()
    message.backend_operation_request.request_id = "download"
    message.backend_operation_request.session_id = there.session
    message.backend_operation_request.deferred_file.file_id = file
    connection.send(message.SerializeToString())
    *_, answer = answers(connection, "backend_operation_response")
    return answer.backend_operation_response.deferred_file.url


def _ask(connection: Connection, page: str) -> None:
    message = BackMsg()
    message.rerun_script.page_name, _, message.rerun_script.query_string = page.partition("?")
    connection.send(message.SerializeToString())


def answers(connection: Connection, last: str) -> Iterator[ForwardMsg]:
    """Yield what the server says, up to the first message of a kind."""
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(connection.recv(ANSWER_SECONDS))
        yield answer
        if answer.WhichOneof("type") == last:
            return
