#!/bin/sh
# wheelhouse.sh: fetches everything that is installed, for machines without internet, into wheelhouse/, from which
# environment.sh installs where it is there. It fits the system, the processor and the Python on which it was made.
set -eu
cd "$(dirname "$0")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
rm -rf wheelhouse.new
.venv/bin/python -m pip download --quiet --progress-bar off --only-binary :all: --dest wheelhouse.new \
    -r requirements.txt -r requirements-many.txt </dev/null
rm -rf wheelhouse
mv wheelhouse.new wheelhouse
python=$(.venv/bin/python -c 'import platform; print(platform.python_version(), platform.platform())')
echo "wheelhouse/：$(ls wheelhouse | wc -l)个文件，$(du -sh wheelhouse | cut -f1)，适用于 Python $python"
