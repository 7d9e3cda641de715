#!/bin/sh
# A real, stock Keycloak 26.7.1 with its data in memory, for tests.
#
#   keycloak.sh install DIR            fetches it into DIR (Maven, unzip)
#   keycloak.sh run DIR REALM PORT     runs it on 127.0.0.1:PORT until it gets TERM; REALM is a realm's JSON file
#
# The administrator is `admin` with the password `admin-pw`. Any Java from 17 on will do.
set -eu
VERSION=26.7.1

install() {
    mkdir -p "$1"
    [ -x "$1/keycloak-$VERSION/bin/kc.sh" ] && return
    rm -rf "$1/keycloak-$VERSION"
    mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
        -Dartifact=org.keycloak:keycloak-quarkus-dist:$VERSION:zip -DoutputDirectory="$1"
    unzip -q "$1/keycloak-quarkus-dist-$VERSION.zip" -d "$1"
    rm "$1/keycloak-quarkus-dist-$VERSION.zip"
}

run() {
    mkdir -p "$1/keycloak-$VERSION/data/import"
    cp "$2" "$1/keycloak-$VERSION/data/import/realm.json"
    cd "$1/keycloak-$VERSION"
    export KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD=admin-pw
    export JAVA_OPTS_KC_HEAP="-Xms64m -Xmx512m"
    exec bin/kc.sh start-dev --db=dev-mem --http-host=127.0.0.1 --http-port="$3" --import-realm
}

command=$1
shift
"$command" "$@"
