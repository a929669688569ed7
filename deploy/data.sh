#!/bin/sh
# data.sh COMMAND...: python -m data, as the account and with the settings of the replicas.
set -eu
exec runuser -u "${ACCOUNT:-dashboard}" -- sh -c \
    'set -a; . /etc/dashboard/dashboard.env; cd /opt/dashboard; exec .venv/bin/python -m data "$@"' data "$@"
