#!/bin/sh
# apt.sh PACKAGE...: installs Debian packages as root; anybody else is told the one line to run (exit code 1).
line="apt-get update && apt-get install -y --no-install-recommends $*"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "缺少系统软件包，请以 root 身份运行 / system packages are missing, run as root:" >&2
    echo "    $line" >&2
    exit 1
fi
echo "正在安装系统软件包 / installing: $*" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
wait_for_lock="-o DPkg::Lock::Timeout=300"
# shellcheck disable=SC2086  # the option is two words
if ! { apt-get update $wait_for_lock && apt-get install -y --no-install-recommends $wait_for_lock "$@"; } \
    >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    echo "系统软件包安装失败，见上 / failed: $line" >&2
    exit 1
fi
rm -f "$log"
