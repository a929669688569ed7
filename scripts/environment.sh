#!/bin/sh
# environment.sh REQUIREMENTS: makes .venv and installs the pinned requirements, where they are not installed already;
# from wheelhouse/ alone where there is one (make wheelhouse), which holds nothing that is for developers only.
set -eu
cd "$(dirname "$0")/.."
requirements=$1
stamp=.venv/$requirements.installed
wanted=$(cat requirements.txt requirements-many.txt "$requirements" | cksum)
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

usable() {
    .venv/bin/python -c "import pip, sys; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1
}

# Sets $python to the first Python from 3.11 on.
find_python() {
    for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if command -v "$python" >/dev/null 2>&1 && "$python" -c "$new_enough" 2>/dev/null; then
            return 0
        fi
    done
    return 1
}

if usable && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

if ! usable; then
    if ! find_python; then
        sh scripts/apt.sh python3 python3-venv
        find_python || {
            echo "需要 Python 3.11 或更新的版本 / Python 3.11 or newer is needed (PYTHON=/path/to/python make run)" >&2
            exit 1
        }
    fi
    # Debian ships Python without ensurepip, in a package of its own.
    "$python" -c "import ensurepip, venv" 2>/dev/null || sh scripts/apt.sh python3-venv
    "$python" -m venv --clear .venv
fi

echo "正在安装 $requirements（首次需要一两分钟）/ installing" >&2
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
from=""
if [ -d wheelhouse ] && [ "$requirements" != requirements-dev.txt ]; then
    from="--no-index --find-links wheelhouse"
fi
# shellcheck disable=SC2086  # options
if ! .venv/bin/python -m pip install --quiet --progress-bar off $from -r "$requirements" </dev/null; then
    echo "安装失败：请检查网络或软件源，有 wheelhouse/ 时看它是否齐全、是否适合这个系统和 Python，然后重试 /" \
        "the installation failed, see above" >&2
    exit 1
fi
echo "$wanted" >"$stamp"
