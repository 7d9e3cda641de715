#!/bin/sh
# Unpacks Debian's Swift into a folder, for machines whose distribution has none: no root, no chroot.
#
#     swift-toolchain.sh DIR [SUITE]      then put DIR/bin on PATH: swift, swiftc
#
# Needs apt-get (for its signature checks and mirrors), dpkg-deb, python3 and a C compiler. Safe to call again: a
# folder that is complete is left alone.
set -eu
export LC_ALL=C

folder=${1:?usage: swift-toolchain.sh DIR [SUITE]}
suite=${2:-trixie}

# The mirror of the machine's own apt sources.
mirror() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
        awk '$1 == "URIs:" { print $2 } $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^[a-z+]+:\/\//) { print $i; break } }' |
        grep -E '/debian/?$' | head -n 1
}

# apt-get with lists, caches and sources of its own: nothing of the machine's is read or changed but its keyring.
apt() {
    apt-get -qq -o Dir::Etc::SourceList="$folder/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::PreferencesParts=/dev/null -o Dir::State::Lists="$folder/apt/lists" \
        -o Dir::Cache="$folder/apt/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}

unpack() {
    rm -rf "$folder"
    mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial" "$folder/debs" "$folder/bin"
    folder=$(cd "$folder" && pwd)
    : >"$folder/.ours"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $suite main" >"$folder/apt/sources.list"
    apt update
    (cd "$folder/debs" && apt download libswiftlang swiftlang swiftlang-dev libstdc++6 libgcc-s1)
    for package in "$folder"/debs/*.deb; do dpkg-deb -x "$package" "$folder/tree"; done
    swift=$folder/tree/usr/libexec/swift
    libraries=$swift/lib/swift/linux
    # Found by the RUNPATH of Swift's own programs, so that the machine's older ones don't matter.
    cp -L "$folder"/tree/usr/lib/*/libstdc++.so.6 "$folder"/tree/usr/lib/*/libgcc_s.so.1 "$libraries/"
    rm -rf "$folder/debs" "$folder/apt" "$swift/lib/swift_static" "$swift"/bin/lldb* "$swift"/lib/liblldb*
}

# A C library older than 2.38 lacks names that these programs ask for: their wanted versions are pointed at the
# oldest one, which every C library has, and the few names that are new are preloaded.
fit_to_older_libc() {
    python3 - "$swift/bin" "$swift/lib" <<'END'
import os, struct, sys

NEW = {b"GLIBC_2.%d" % minor for minor in range(37, 50)}
BASE, BASE_HASH = b"GLIBC_2.2.5", 0x09691A75


def retarget(path):
    with open(path, "r+b") as file:
        if file.read(5) != b"\x7fELF\x02":
            return
        file.seek(0)
        data, changed = bytearray(file.read()), False
        start, = struct.unpack_from("<Q", data, 0x28)
        count, = struct.unpack_from("<H", data, 0x3C)
        sections = [struct.unpack_from("<IIQQQQIIQQ", data, start + 64 * index) for index in range(count)]
        for section in sections:
            if section[1] != 0x6FFFFFFE:  # .gnu.version_r
                continue
            names, size = sections[section[6]][4:6]
            base = data.find(b"\0" + BASE + b"\0", names, names + size) + 1
            library = section[4]
            for _ in range(section[7]):
                _, entries, _, entry, next_library = struct.unpack_from("<HHIII", data, library)
                entry += library
                for _ in range(entries):
                    _, flags, other, name, next_entry = struct.unpack_from("<IHHII", data, entry)
                    if bytes(data[names + name:data.index(0, names + name)]) in NEW:
                        assert base, path
                        struct.pack_into("<IHHI", data, entry, BASE_HASH, flags, other, base - names)
                        changed = True
                    entry += next_entry
                library += next_library
        if changed:
            file.seek(0)
            file.write(data)


for top in sys.argv[1:]:
    for folder, _, names in os.walk(top):
        for path in (os.path.join(folder, name) for name in names):
            if os.path.isfile(path) and not os.path.islink(path):
                retarget(path)
END
    cc -O2 -fno-builtin -shared -fPIC -xc -o "$libraries/libglibc238.so" - <<'END'
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define NUMBER(type, name) \
    type __isoc23_##name(const char *text, char **end, int base) { return name(text, end, base); }
NUMBER(long, strtol) NUMBER(long long, strtoll) NUMBER(unsigned long, strtoul) NUMBER(unsigned long long, strtoull)
int __isoc23_sscanf(const char *text, const char *format, ...) {
    va_list values;
    va_start(values, format);
    int count = vsscanf(text, format, values);
    va_end(values);
    return count;
}
size_t strlcpy(char *to, const char *from, size_t size) {
    size_t length = strlen(from), fits = length < size ? length : size - 1;
    if (size) { memcpy(to, from, fits); to[fits] = 0; }
    return length;
}
size_t strlcat(char *to, const char *from, size_t size) {
    size_t length = strnlen(to, size);
    return length + (length == size ? strlen(from) : strlcpy(to + length, from, size - length));
}
END
}

if [ ! -e "$folder/.complete" ]; then
    [ ! -e "$folder" ] || [ -e "$folder/.ours" ] || { echo "$folder exists and is not ours" >&2; exit 1; }
    unpack
    preload=
    host=$(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2)
    if ! printf '2.38\n%s\n' "$host" | sort -VC; then
        fit_to_older_libc
        preload="LD_PRELOAD=$libraries/libglibc238.so "
    fi
    for program in swift swiftc; do
        printf '#!/bin/sh\n%sexec %s/bin/%s "$@"\n' "$preload" "$swift" "$program" >"$folder/bin/$program"
        chmod +x "$folder/bin/$program"
    done
    : >"$folder/.complete"
fi
"$folder/bin/swift" --version
