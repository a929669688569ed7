"""Viewers without a browser: many sessions that speak Streamlit's protocol from one event loop, as browsers would.

A viewer runs a page, clicks, and looks for news by itself where the page asks for it (``run_every``).
"""

import asyncio
import time
from contextlib import suppress
from typing import Any, Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Subprotocol

from tests.sockets import drawn

ANSWER_SECONDS = 120
FINE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Viewer:
    """One open page. ``html`` is what its last run drew, ``failed`` what it was told of errors."""

    def __init__(self, address: str) -> None:
        self._address = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        self._tasks: list[asyncio.Task[None]] = []
        self._finished = asyncio.Event()
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._page = ""
        self.html: list[str] = []
        self.buttons: dict[str, str] = {}
        self.failed: list[str] = []
        self.news = asyncio.Event()

    async def __aenter__(self) -> Self:
        protocols = [Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")]
        self._connection = await websockets.connect(
            self._address, subprotocols=protocols, max_size=None, compression=None, open_timeout=ANSWER_SECONDS
        )
        self._tasks.append(asyncio.create_task(self._listen()))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in (*self._tasks, *self._looking.values()):
            task.cancel()
        await self._connection.close()

    async def run(self, *, page: str | None = None, button: str = "") -> float:
        """Run the page, another one by its name, or by a click on a button; return the seconds until all is there."""
        message = BackMsg()
        if page is None:
            message.rerun_script.page_script_hash = self._page
        else:
            message.rerun_script.page_name = page
        if button:
            message.rerun_script.widget_states.widgets.add(id=self.buttons[button], trigger_value=True)
        for task in self._looking.values():
            task.cancel()
        self._looking.clear()
        self._finished.clear()
        start = time.perf_counter()
        await self._connection.send(message.SerializeToString())
        await asyncio.wait_for(self._finished.wait(), ANSWER_SECONDS)
        return time.perf_counter() - start

    async def _listen(self) -> None:
        try:
            async for frame in self._connection:
                message = ForwardMsg()
                message.ParseFromString(frame)
                self._take(message)
        except Exception as error:  # noqa: BLE001  # a task's exception would be lost
            self.failed.append(f"{type(error).__name__}: {error}")
        else:
            self.failed.append("cut off")
        self._finished.set()

    def _take(self, message: Any) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self._page = message.new_session.page_script_hash
            self.html.clear()
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "delta":
            self._draw(message.delta.new_element)
        elif kind == "auto_rerun":
            fragment, every = message.auto_rerun.fragment_id, message.auto_rerun.interval
            self._looking[fragment] = asyncio.create_task(self._look(fragment, every))
        elif kind == "script_finished":
            self._finish(message.script_finished)

    def _draw(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind in ("html", "heading"):
            self.html.append(drawn(element))
        elif kind == "button":
            self.buttons[element.button.label] = element.button.id
            self.news.set()
        elif kind in ("exception", "alert"):
            self.failed.append(str(getattr(element, kind))[:200])

    def _finish(self, status: int) -> None:
        if status == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._finished.set()
        elif status not in (*FINE, ForwardMsg.FINISHED_EARLY_FOR_RERUN):
            self.failed.append(ForwardMsg.ScriptFinishedStatus.Name(status))
            self._finished.set()

    async def _look(self, fragment: str, every: float) -> None:
        message = BackMsg()
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = True
        with suppress(websockets.ConnectionClosed):  # the listener tells
            while True:
                await asyncio.sleep(every)
                await self._connection.send(message.SerializeToString())
