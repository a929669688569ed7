"""The process that parses one file: started by path, fed on stdin, limited, and gone when its parent is.

It stands apart because small hostile files kill or stall every well-known parser; here that costs a sentence.
It must not import the packages ``data`` and ``scoring`` as they are, which would load pandas, nor all of openpyxl; so
bare packages of these names are put in their place, and only the modules for reading are found in them.
"""

import gc
import json
import os
import sys
import threading
import warnings
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.limits import Limits


def isolate(library_folders: list[str]) -> None:
    """Make the modules for reading importable, and nothing that loads slowly."""
    sys.path += library_folders
    ours = str(Path(__file__).resolve().parents[2])
    for name, folder in (("data", ours), ("scoring", ours), ("openpyxl", library_folders[0])):
        package = ModuleType(name)
        package.__path__ = [str(Path(folder) / name)]
        sys.modules[name] = package


def lock_down(limits: "Limits") -> None:
    """Bound memory and time, forbid files and core dumps, die with the parent. Windows has the wall clock alone."""
    sys.dont_write_bytecode = True
    if sys.platform == "win32":
        return
    import resource

    # At its first bound of time the system tells why it stops (SIGXCPU), at the second it kills without a word.
    cpu = limits.cpu_seconds
    bounds = {
        resource.RLIMIT_AS: (limits.memory, limits.memory),
        resource.RLIMIT_CPU: (cpu, cpu + 1),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, (soft, hard) in bounds.items():
        given = resource.getrlimit(kind)[1]  # cannot be raised again
        most = hard if given == resource.RLIM_INFINITY else min(hard, given)
        resource.setrlimit(kind, (min(soft, most), most))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL


def follow_parent() -> None:
    """End as soon as the parent's side of the pipe closes: where the parent dies, nobody waits for an answer."""
    os.read(0, 1)
    os._exit(0)


def main() -> None:
    """Read the header and the file, parse it, write the answer.

    All is imported before the limits hold: later no file may be written, so no module would be kept compiled.
    """
    from data.errors import WorkbookRejected
    from data.formats import wire
    from data.formats.parsing import parse
    from data.formats.refusals import refused
    from data.limits import Limits

    header = json.loads(sys.stdin.buffer.read(wire.HEADER))
    limits = Limits(**header["limits"])
    content = sys.stdin.buffer.read(header["size"])
    lock_down(limits)
    threading.Thread(target=follow_parent, daemon=True).start()
    warnings.simplefilter("ignore")
    gc.disable()  # it lives for one file, and millions of cells make no cycles
    try:
        answer = parse(content, limits)
    except MemoryError:
        answer = wire.refusal(refused("memory", limit=limits.memory // 2**20))
    except WorkbookRejected as error:
        answer = wire.refusal(error)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(0)  # without taking apart millions of cells first


if __name__ == "__main__":
    isolate(sys.argv[1:])
    main()
