#!/bin/sh
# Every check, one after the other, all of them even where one fails; the exit code tells whether all passed.
set -u
cd "$(dirname "$0")/.."
python=.venv/bin/python
failed=""

missing=""
command -v chromium >/dev/null 2>&1 || missing="chromium"
if command -v dpkg-query >/dev/null 2>&1; then
    # Chinese letters in pictures; Playwright's driver; an office program that recalculates and prints the papers; a
    # compiler for the disk that loses its power or is full; what stands before several replicas, and behind them
    for package in fonts-noto-cjk libatomic1 libreoffice-calc-nogui libreoffice-impress-nogui libreoffice-writer-nogui \
        gcc libc6-dev nginx-light postgresql; do
        # a package that another one only suggests is known, but not installed
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
    done
fi
# The tests run a cluster of their own.
case $missing in *postgresql*)
    [ "$(id -u)" = 0 ] && [ ! -e /etc/postgresql-common ] && mkdir /etc/postgresql-common &&
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf ;;
esac
# shellcheck disable=SC2086  # a list of packages
[ -z "$missing" ] || sh scripts/apt.sh $missing || true

check() {
    name=$1
    shift
    echo "── $name"
    "$@" </dev/null || failed="$failed $name"
}

check format "$python" -m ruff format --check .
check lint "$python" -m ruff check .
check types "$python" -m mypy
check imports "$python" -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
check tests "$python" -m pytest -n 2 --dist worksteal

if [ -n "$failed" ]; then
    echo "未通过 / failed:$failed"
    exit 1
fi
