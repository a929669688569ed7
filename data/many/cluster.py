"""Work in many processes, with Dask: here or on a cluster that runs already. Nothing else knows of it.

What the processes are asked and what they answer is small; they read what they need by path or address themselves.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from data.errors import BulkRefused
from data.many.pieces import Piece, Result, Spread

CONNECT_SECONDS = 20
_ROOT = Path(__file__).resolve().parents[2]
_CODE = ("data", "scoring")
_HOW_TO_START = "请在每台机器上装好同一版本的产品和 requirements-many.txt，并在产品文件夹里启动工作进程。"


@contextmanager
def connected(address: str | None, *, workers: int | None = None, memory: str = "auto") -> Iterator[Spread]:
    """Give a ``Spread`` over the processes of a Dask cluster, one piece for each of their threads at a time.

    Without an ``address`` they are started for as long as the context lasts: ``workers`` of them (one for each core),
    with ``memory`` each ("1GB"; the machine's, shared out). Raise BulkRefused where Dask is missing, where nobody
    answers, and where the processes run other code than this one.
    """
    distributed = _distributed()
    with tempfile.TemporaryDirectory(prefix="bulk-") as scratch, _settings(scratch):
        there = _local(distributed, workers, memory) if address is None else _there(distributed, address)
        with there as client:
            _same_code(client)
            yield partial(_spread, client)


@cache
def code() -> str:
    """Return what tells one state of the rules and readers from another: the hash of all they are made of."""
    files = sorted(path for folder in _CODE for path in (_ROOT / folder).rglob("*") if path.suffix in (".py", ".toml"))
    return sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def _distributed() -> ModuleType:
    try:
        import cryptography  # noqa: F401  # for the certificates of a local cluster
        import distributed
    except ImportError as error:
        raise BulkRefused(
            "批量计分要用 Dask，这里还没有安装。请先运行 python -m pip install -r requirements-many.txt，再试一次。"
        ) from error
    return distributed


@contextmanager
def _settings(scratch: str) -> Iterator[None]:
    """Nothing is spilled to disk, kept after the run, or told to whoever asks by HTTP.

    A process that needs too much memory is ended, never paused: it holds nothing that it could give back.
    """
    import dask

    silent: dict[str, object] = {f"distributed.{kind}.http.routes": [] for kind in ("scheduler", "worker", "nanny")}
    kept = {f"distributed.worker.memory.{share}": False for share in ("target", "spill", "pause")}
    # Dask's own default also makes malloc give memory back at once, which takes a fifth more time and lowers no peak.
    single = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), 1)
    deaf = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"  # Ctrl+C is for this process, which ends them
    started = {
        "temporary-directory": scratch,
        "distributed.nanny.pre-spawn-environ": single,
        "distributed.worker.preload": [deaf],
    }
    with dask.config.set(started | silent | kept):
        yield


@contextmanager
def _local(distributed: ModuleType, workers: int | None, memory: str) -> Iterator[Any]:
    # Who reaches a scheduler can run what they like, and other accounts reach loopback: hence certificates of its own.
    cluster = distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        memory_limit=memory,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address=None,
        security=distributed.Security.temporary(),
        silence_logs="CRITICAL",
    )
    with cluster, distributed.Client(cluster) as client:
        yield client


@contextmanager
def _there(distributed: ModuleType, address: str) -> Iterator[Any]:
    if not re.fullmatch(r"(tcp|tls)://[^/]+:\d+", address):
        raise BulkRefused(f"调度器的地址 {address} 看不懂。请写成 tcp://主机:8786 或 tls://主机:8786 的样子。")
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except OSError as error:
        raise BulkRefused(
            f"{CONNECT_SECONDS}秒内没有连上调度器 {address}。请核对地址，并确认它在运行、防火墙放行。"
        ) from error
    with client:
        yield client


def _same_code(client: Any) -> None:
    try:
        found = client.run(code)
    except Exception as error:  # whatever the other side lacks: our code, a package, a disk
        raise BulkRefused(f"工作进程运行不了本产品的程序（{type(error).__name__}）。{_HOW_TO_START}") from error
    if not found:
        raise BulkRefused(f"调度器在运行，但没有工作进程。{_HOW_TO_START}")
    if others := sorted(address for address, one in found.items() if one != code()):
        raise BulkRefused(f"工作进程 {others[0]} 上的程序与这里的不同，算出的数可能不一样。{_HOW_TO_START}")


def _spread(
    client: Any, work: Callable[[Piece], Result], pieces: Sequence[Piece]
) -> Iterator[tuple[int, Result | None]]:
    from distributed import KilledWorker, as_completed

    futures = client.map(partial(_checked, code(), work), pieces, pure=False)
    places = {future.key: place for place, future in enumerate(futures)}
    waiting = as_completed(futures, loop=client.loop)  # type: ignore[no-untyped-call]  # Dask is typed in part
    del futures  # a result that was taken is kept nowhere any more
    for future in waiting:
        try:
            yield places[future.key], future.result()
        except KilledWorker:
            yield places[future.key], None
        except CancelledError as error:
            raise BulkRefused("与调度器的连接断了，没有做完；已写下的还在。请确认调度器在运行，再运行一次。") from error


def _checked(expected: str, work: Callable[[Piece], Result], piece: Piece) -> Result:
    if code() != expected:  # a process that joined after the start
        raise BulkRefused(f"有工作进程的程序与这里的不同，算出的数可能不一样。{_HOW_TO_START}")
    return work(piece)
