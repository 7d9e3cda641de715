#!/bin/sh
# A real privacyIDEA 3.14 on SQLite, for tests.
#
#   privacyidea.sh install DIR          fetches it into DIR (Python 3.10 or newer with venv)
#   privacyidea.sh run DIR DATA PORT    runs it on 127.0.0.1:PORT until it gets TERM; its state is in DATA
#
# The administrator is `admin` with the password `admin-test-pw`. privacyIDEA is AGPL-3.0: it is started as a
# process of its own, and nothing of it is part of Countersign.
set -eu
VERSION=3.14

install() {
    [ "$("$1/venv/bin/pip" --disable-pip-version-check show privacyidea 2>/dev/null | sed -n 's/^Version: //p')" = $VERSION ] && return
    rm -rf "$1/venv"
    python3 -m venv "$1/venv"
    "$1/venv/bin/pip" --disable-pip-version-check -q install "privacyidea==$VERSION"
}

run() {
    dir=$(cd "$1" && pwd)
    mkdir -p "$2"
    cd "$2"
    data=$(pwd)
    export PRIVACYIDEA_CONFIGFILE="$data/pi.cfg"
    if [ ! -f ready ]; then
        cat >pi.cfg <<END
SUPERUSER_REALM = ['super']
SQLALCHEMY_DATABASE_URI = 'sqlite:///$data/pi.sqlite'
SECRET_KEY = 'test-only-secret-key-of-32-bytes-or-more'
PI_PEPPER = 'test-only-pepper'
PI_ENCFILE = '$data/enckey'
PI_AUDIT_KEY_PRIVATE = '$data/private.pem'
PI_AUDIT_KEY_PUBLIC = '$data/public.pem'
PI_LOGFILE = '$data/pi.log'
PI_UUID_FILE = '$data/uuid.txt'
END
        for part in create_enckey create_audit_keys create_tables; do
            "$dir/venv/bin/pi-manage" setup $part
        done
        "$dir/venv/bin/pi-manage" admin add admin -p admin-test-pw
        touch ready
    fi
    exec "$dir/venv/bin/pi-manage" run -h 127.0.0.1 -p "$3"
}

command=$1
shift
"$command" "$@"
