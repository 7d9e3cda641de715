#!/bin/sh
# A real privacyIDEA 3.14 on SQLite, for tests.
#
#   privacyidea.sh install DIR          fetches it into DIR (Python 3.10 or newer with venv)
#   privacyidea.sh run DIR DATA PORT    runs it on 127.0.0.1:PORT until it gets TERM; its state is in DATA
#
# The administrator is `admin` with the password `admin-test-pw`. privacyIDEA is AGPL-3.0: it is started as a
# process of its own, and nothing of it is part of Countersign.
set -eu
PACKAGE=privacyidea
VERSION=3.14
CONFIG=PRIVACYIDEA_CONFIGFILE
PREFIX=PI
MANAGE=pi-manage
SETUP=setup
. "$(dirname "$0")/token_server.sh"

command=$1
shift
"$command" "$@"
