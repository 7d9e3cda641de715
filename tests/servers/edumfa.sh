#!/bin/sh
# A real eduMFA 2.9.5 on SQLite, for tests.
#
#   edumfa.sh install DIR          fetches it into DIR (Python 3.10 or newer with venv)
#   edumfa.sh run DIR DATA PORT    runs it on 127.0.0.1:PORT until it gets TERM; its state is in DATA
#
# The administrator is `admin` with the password `admin-test-pw`. eduMFA is AGPL-3.0: it is started as a
# process of its own, and nothing of it is part of Countersign.
set -eu
VERSION=2.9.5

install() {
    [ "$("$1/venv/bin/pip" --disable-pip-version-check show edumfa 2>/dev/null | sed -n 's/^Version: //p')" = $VERSION ] && return
    rm -rf "$1/venv"
    python3 -m venv "$1/venv"
    "$1/venv/bin/pip" --disable-pip-version-check -q install "edumfa==$VERSION"
}

run() {
    dir=$(cd "$1" && pwd)
    mkdir -p "$2"
    cd "$2"
    data=$(pwd)
    export EDUMFA_CONFIGFILE="$data/edumfa.cfg"
    if [ ! -f ready ]; then
        cat >edumfa.cfg <<END
SUPERUSER_REALM = ['super']
SQLALCHEMY_DATABASE_URI = 'sqlite:///$data/edumfa.sqlite'
SECRET_KEY = 'test-only-secret-key-of-32-bytes-or-more'
EDUMFA_PEPPER = 'test-only-pepper'
EDUMFA_ENCFILE = '$data/enckey'
EDUMFA_AUDIT_KEY_PRIVATE = '$data/private.pem'
EDUMFA_AUDIT_KEY_PUBLIC = '$data/public.pem'
EDUMFA_LOGFILE = '$data/edumfa.log'
EDUMFA_UUID_FILE = '$data/uuid.txt'
END
        for part in create_enckey create_audit_keys create_tables; do
            "$dir/venv/bin/edumfa-manage" $part
        done
        "$dir/venv/bin/edumfa-manage" admin add admin -p admin-test-pw
        touch ready
    fi
    exec "$dir/venv/bin/edumfa-manage" run -h 127.0.0.1 -p "$3"
}

command=$1
shift
"$command" "$@"
