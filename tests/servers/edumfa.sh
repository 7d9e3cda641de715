#!/bin/sh
# A real eduMFA 2.9.5 on SQLite, for tests.
#
#   edumfa.sh install DIR          fetches it into DIR (Python 3.10 or newer with venv)
#   edumfa.sh run DIR DATA PORT    runs it on 127.0.0.1:PORT until it gets TERM; its state is in DATA
#
# The administrator is `admin` with the password `admin-test-pw`. eduMFA is AGPL-3.0: it is started as a
# process of its own, and nothing of it is part of Countersign.
set -eu
PACKAGE=edumfa
VERSION=2.9.5
CONFIG=EDUMFA_CONFIGFILE
PREFIX=EDUMFA
MANAGE=edumfa-manage
SETUP=
. "$(dirname "$0")/token_server.sh"

command=$1
shift
"$command" "$@"
