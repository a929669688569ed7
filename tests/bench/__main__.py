"""Run every bench, each in a process of its own, so that none warms another's caches."""

import subprocess
import sys
from pathlib import Path

from tests.bench.harness import machine

FOLDER = Path(__file__).parent


def main() -> None:
    print(f"Machine: {machine()}", flush=True)
    names = sorted(path.stem for path in FOLDER.glob("bench_*.py"))
    failed = [name for name in names if subprocess.call([sys.executable, "-m", f"tests.bench.{name}"])]
    if failed:
        sys.exit(f"did not finish: {', '.join(failed)}")


if __name__ == "__main__":
    main()
