"""A page asked for without a browser: Streamlit's own protocol over its WebSocket, with any cookie and any header."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

ANSWER_SECONDS = 60


@dataclass(frozen=True)
class Opened:
    """A page that stands: its session's id, its HTML, and the connection that keeps it alive."""

    session: str
    html: str
    connection: ClientConnection


@contextmanager
def opened(
    address: str, page: str, *, cookie: str = "", headers: dict[str, str] | None = None, session: str = ""
) -> Iterator[Opened]:
    """Open ``page`` (its address without the slash, with a query or without); ``session`` is one to be resumed."""
    protocols = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([session] if session else [])]
    sent = (headers or {}) | ({"Cookie": cookie} if cookie else {})
    with connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream",
        subprotocols=[Subprotocol(name) for name in protocols],
        additional_headers=sent,
        max_size=None,
    ) as connection:
        number, html = run(connection, page)
        yield Opened(number, html, connection)


def run(connection: ClientConnection, page: str) -> tuple[str, str]:
    """Run a page's script once; return the session's id and the HTML that it drew."""
    _ask(connection, page)
    number, html = "", []
    for answer in answers(connection, "script_finished"):
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            number = answer.new_session.initialize.session_id
        elif kind == "delta":
            html.append(answer.delta.new_element.html.body)
    return number, "\n".join(html)


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


def _ask(connection: ClientConnection, page: str) -> None:
    message = BackMsg()
    message.rerun_script.page_name, _, message.rerun_script.query_string = page.partition("?")
    connection.send(message.SerializeToString())


def answers(connection: ClientConnection, last: str) -> Iterator[ForwardMsg]:
    """Yield what the server says, up to the first message of a kind."""
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(connection.recv(ANSWER_SECONDS, decode=False))
        yield answer
        if answer.WhichOneof("type") == last:
            return
