# What the scripts of privacyIDEA and of eduMFA, its fork, have in common. They set PACKAGE, VERSION, CONFIG (the variable
# that names the file with the settings), PREFIX (what most settings begin with), MANAGE (the program) and SETUP (the word
# before its commands, if any).

install() {
    [ "$("$1/venv/bin/pip" --disable-pip-version-check show $PACKAGE 2>/dev/null | sed -n 's/^Version: //p')" = $VERSION ] && return
    rm -rf "$1/venv"
    python3 -m venv "$1/venv"
    "$1/venv/bin/pip" --disable-pip-version-check -q install "$PACKAGE==$VERSION"
}

run() {
    manage=$(cd "$1" && pwd)/venv/bin/$MANAGE
    mkdir -p "$2"
    cd "$2"
    data=$(pwd)
    export "$CONFIG=$data/settings.cfg"
    if [ ! -f ready ]; then
        cat >settings.cfg <<END
SUPERUSER_REALM = ['super']
SQLALCHEMY_DATABASE_URI = 'sqlite:///$data/tokens.sqlite'
SECRET_KEY = 'test-only-secret-key-of-32-bytes-or-more'
${PREFIX}_PEPPER = 'test-only-pepper'
${PREFIX}_ENCFILE = '$data/enckey'
${PREFIX}_AUDIT_KEY_PRIVATE = '$data/private.pem'
${PREFIX}_AUDIT_KEY_PUBLIC = '$data/public.pem'
${PREFIX}_LOGFILE = '$data/server.log'
${PREFIX}_UUID_FILE = '$data/uuid.txt'
END
        for part in create_enckey create_audit_keys create_tables; do
            "$manage" $SETUP $part
        done
        "$manage" admin add admin -p admin-test-pw
        touch ready
    fi
    exec "$manage" run -h 127.0.0.1 -p "$3"
}
