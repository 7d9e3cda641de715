/* A disk that loses power, for tests: loaded into a program by LD_PRELOAD (Linux).
 *
 * It watches the files of one folder and remembers, for each, what would survive: its content at the last
 * fsync. Everything written later is at risk, and so is every name made, removed or renamed in a folder that
 * was not synced since. At a chosen operation it loses power: it gives each file a content that a real disk
 * could have kept, takes back some of the names, and kills the process.
 *
 *   POWERLOSS_DIR   the folder, as an absolute path without symbolic links
 *   POWERLOSS_AT    the operation (write, cut, sync, name) before which power is lost, from 1; 0: never
 *   POWERLOSS_SEED  which of the possible losses it is
 *
 * At risk is more than most file systems lose: POSIX promises no more. Not seen: memory maps (SQLite maps only
 * the index of its write-ahead log, which is rebuilt and therefore left alone), other processes, and folders
 * that are made.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#if __SIZEOF_LONG__ != 8
#error "offsets are taken to have 64 bits"
#endif

enum { SECTOR = 512 };

/* One write, or a cut to `at` bytes when it has no `bytes`, since the last sync. */
struct change {
    struct change *next;
    size_t at, length;
    unsigned char *bytes;
};

/* A file that was written to: what the disk has of it for sure, and what is at risk. */
struct file {
    struct file *next;
    char *path;
    int removed;
    unsigned char *disk;
    size_t size;
    struct change *first, **last;
};

/* A name that was made, removed or changed since its folder was synced. */
struct name {
    struct name *older;
    enum { MADE, REMOVED, RENAMED } what;
    char *path, *from;
    struct file *lost; /* what `path` was before it was removed or replaced */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *folder;
static unsigned long count, lose_at;
static uint64_t random_state;
static struct file *files;
static struct name *names;

__attribute__((constructor)) static void start(void)
{
    const char *at = getenv("POWERLOSS_AT"), *seed = getenv("POWERLOSS_SEED"), *dir = getenv("POWERLOSS_DIR");
    lose_at = at ? strtoul(at, NULL, 10) : 0;
    random_state = (seed ? strtoull(seed, NULL, 10) : 0) * 2 + 1;
    folder = dir ? strdup(dir) : NULL;
}

/* --- small helpers ----------------------------------------------------------------------------------- */

static void fail(const char *what)
{
    fprintf(stderr, "powerloss: %s: %s\n", what, strerror(errno));
    abort();
}

static void *memory(void *old, size_t size)
{
    void *new = realloc(old, size ? size : 1);
    if (!new) fail("memory");
    return new;
}

static char *copy_of(const char *text)
{
    return strcpy(memory(NULL, strlen(text) + 1), text);
}

/* A number below `limit` (xorshift64*: reproducible, nothing more is wanted). */
static size_t below(size_t limit)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (size_t)((random_state * 0x2545F4914F6CDD1DULL) >> 33) % limit;
}

static int is_watched(const char *path)
{
    size_t length = folder ? strlen(folder) : 0, all = strlen(path);
    if (!length || strncmp(path, folder, length) || (path[length] != '/' && path[length])) return 0;
    return all < 4 || strcmp(path + all - 4, "-shm");
}

/* The path of an open file, or "" for one that is not watched. */
static const char *path_of(int fd, char *buffer)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = folder ? readlink(link, buffer, PATH_MAX - 1) : 0;
    buffer[length > 0 ? length : 0] = 0;
    static const char gone[] = " (deleted)";
    size_t all = strlen(buffer), tail = sizeof gone - 1;
    if (!is_watched(buffer) || (all > tail && !strcmp(buffer + all - tail, gone))) buffer[0] = 0;
    return buffer;
}

/* The full path of a name, or "" for one that is not watched. */
static const char *path_at(int dir, const char *name, char *buffer)
{
    char parent[PATH_MAX], link[PATH_MAX + 64];
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    int length = slash ? (int)(slash - name) + 1 : 0;
    if (name[0] == '/' || dir == AT_FDCWD) snprintf(link, sizeof link, "%.*s.", length, name);
    else snprintf(link, sizeof link, "/proc/self/fd/%d/%.*s.", dir, length, name);
    buffer[0] = 0;
    if (!folder || !realpath(link, parent)) return buffer;
    if (snprintf(buffer, PATH_MAX, "%s/%s", parent, base) >= PATH_MAX || !is_watched(buffer)) buffer[0] = 0;
    return buffer;
}

/* --- what is at risk --------------------------------------------------------------------------------- */

static struct file *file_of(const char *path)
{
    struct file *file = files;
    while (file && (file->removed || strcmp(file->path, path))) file = file->next;
    if (file) return file;
    /* First seen: what is there now was there before the program began. */
    file = memory(NULL, sizeof *file);
    *file = (struct file){.next = files, .path = copy_of(path), .last = &file->first};
    files = file;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) return file;
    struct stat about;
    if (fstat(fd, &about)) fail(path);
    file->size = (size_t)about.st_size;
    file->disk = memory(NULL, file->size);
    for (size_t done = 0; done < file->size;) {
        ssize_t got = read(fd, file->disk + done, file->size - done);
        if (got <= 0) fail(path);
        done += (size_t)got;
    }
    syscall(SYS_close, fd);
    return file;
}

static void at_risk(const char *path, size_t at, const void *bytes, size_t length)
{
    struct file *file = file_of(path);
    struct change *change = memory(NULL, sizeof *change);
    *change = (struct change){.at = at, .length = length};
    if (bytes) change->bytes = memcpy(memory(NULL, length), bytes, length);
    *file->last = change;
    file->last = &change->next;
}

static void name_at_risk(int what, const char *path, const char *from, struct file *lost)
{
    struct name *name = memory(NULL, sizeof *name);
    *name = (struct name){.older = names, .what = what, .path = copy_of(path), .lost = lost};
    if (from) name->from = copy_of(from);
    names = name;
}

static void resize(struct file *file, size_t size)
{
    if (size > file->size) {
        file->disk = memory(file->disk, size);
        memset(file->disk + file->size, 0, size - file->size);
    }
    file->size = size;
}

static void put(struct file *file, const struct change *change, size_t from, size_t to)
{
    if (file->size < change->at + to) resize(file, change->at + to);
    memcpy(file->disk + change->at + from, change->bytes + from, to - from);
}

static void apply(struct file *file, const struct change *change)
{
    if (change->bytes) put(file, change, 0, change->length);
    else resize(file, change->at);
}

static void forget_changes(struct file *file)
{
    while (file->first) {
        struct change *change = file->first;
        file->first = change->next;
        free(change->bytes);
        free(change);
    }
    file->last = &file->first;
}

static void file_synced(struct file *file)
{
    for (struct change *change = file->first; change; change = change->next) apply(file, change);
    forget_changes(file);
}

static void folder_synced(const char *path)
{
    size_t length = strlen(path);
    for (struct name **at = &names; *at;) {
        const char *base = strrchr((*at)->path, '/');
        if ((size_t)(base - (*at)->path) == length && !strncmp((*at)->path, path, length)) *at = (*at)->older;
        else at = &(*at)->older;
    }
}

/* --- the loss ---------------------------------------------------------------------------------------- */

/* Lets `file->disk` be one of the contents that the disk may have. */
static void settle(struct file *file)
{
    enum { NOTHING, EVERYTHING, BEGINNING, ANY_SECTORS } kept = (int)below(4);
    size_t changes = 0, number = 0;
    for (struct change *change = file->first; change; change = change->next) changes++;
    size_t last = below(changes + 1);
    for (struct change *change = file->first; change; change = change->next, number++) {
        if (kept == EVERYTHING || (kept == BEGINNING && number < last)) {
            apply(file, change);
        } else if (kept == BEGINNING && number == last && change->bytes && change->length) {
            put(file, change, 0, below(change->length)); /* torn */
        } else if (kept == ANY_SECTORS && !change->bytes) {
            if (below(2)) apply(file, change);
        } else if (kept == ANY_SECTORS) {
            for (size_t from = 0, to; from < change->length; from = to) {
                to = from + SECTOR - (change->at + from) % SECTOR;
                if (to > change->length) to = change->length;
                if (below(2)) put(file, change, from, to);
            }
        }
    }
    forget_changes(file);
}

static void restore(const struct file *file, const char *path)
{
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) fail(path);
    for (size_t done = 0; done < file->size;) {
        ssize_t put = syscall(SYS_write, fd, file->disk + done, file->size - done);
        if (put <= 0) fail(path);
        done += (size_t)put;
    }
    syscall(SYS_close, fd);
}

static void take_back(const struct name *name)
{
    if (name->what == MADE) syscall(SYS_unlinkat, AT_FDCWD, name->path, 0);
    if (name->what == RENAMED) syscall(SYS_renameat2, AT_FDCWD, name->path, AT_FDCWD, name->from, 0);
    if (name->lost) restore(name->lost, name->path);
}

static void lose_power(void)
{
    size_t at_stake = 0;
    for (struct name *name = names; name; name = name->older) at_stake++;
    for (struct file *file = files; file; file = file->next) {
        int dirty = file->first != NULL;
        settle(file);
        if (dirty && !file->removed) restore(file, file->path);
    }
    /* Folders are journalled: what is lost of their changes is the newest. */
    struct name *name = names;
    for (size_t lost = below(at_stake + 1); lost > 0; lost--, name = name->older) take_back(name);
    kill(getpid(), SIGKILL);
    pause();
}

/* Before each operation that matters; the lock is held. */
static void tick(void)
{
    if (++count == lose_at) lose_power();
}

/* --- the calls --------------------------------------------------------------------------------------- */

static int opened(int dir, const char *name, int flags, mode_t mode)
{
    char path[PATH_MAX];
    if (!(flags & (O_CREAT | O_TRUNC)) || !*path_at(dir, name, path))
        return (int)syscall(SYS_openat, dir, name, flags, mode);
    pthread_mutex_lock(&lock);
    int was_there = !faccessat(AT_FDCWD, path, F_OK, 0);
    tick();
    if (was_there && (flags & O_TRUNC)) at_risk(path, 0, NULL, 0);
    int fd = (int)syscall(SYS_openat, dir, name, flags, mode);
    if (fd >= 0 && !was_there) {
        file_of(path);
        name_at_risk(MADE, path, NULL, NULL);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

static mode_t mode_of(int flags, va_list *more)
{
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(*more, mode_t) : 0;
}

#define OPEN(NAME, DIR, ...)                       \
    int NAME(__VA_ARGS__ const char *name, int flags, ...) \
    {                                              \
        va_list more;                              \
        va_start(more, flags);                     \
        mode_t mode = mode_of(flags, &more);       \
        va_end(more);                              \
        return opened(DIR, name, flags, mode);     \
    }
#define COMMA ,
OPEN(open, AT_FDCWD)
OPEN(open64, AT_FDCWD)
OPEN(openat, dir, int dir COMMA)
OPEN(openat64, dir, int dir COMMA)

static ssize_t written(int fd, const void *bytes, size_t length, off_t at)
{
    char path[PATH_MAX];
    if (!*path_of(fd, path))
        return at < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, at);
    pthread_mutex_lock(&lock);
    tick();
    off_t place = at;
    if (at < 0) {
        struct stat about;
        int appends = fcntl(fd, F_GETFL) & O_APPEND;
        place = appends && !fstat(fd, &about) ? about.st_size : lseek(fd, 0, SEEK_CUR);
    }
    file_of(path); /* its content before the write */
    ssize_t put = at < 0 ? syscall(SYS_write, fd, bytes, length) : syscall(SYS_pwrite64, fd, bytes, length, at);
    if (put > 0) at_risk(path, (size_t)place, bytes, (size_t)put);
    pthread_mutex_unlock(&lock);
    return put;
}

ssize_t write(int fd, const void *bytes, size_t length) { return written(fd, bytes, length, -1); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return written(fd, bytes, length, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return written(fd, bytes, length, at); }

ssize_t writev(int fd, const struct iovec *parts, int number)
{
    char path[PATH_MAX];
    if (!*path_of(fd, path)) return syscall(SYS_writev, fd, parts, number);
    /* A short write is allowed: the caller goes on with the rest. */
    for (int i = 0; i < number; i++)
        if (parts[i].iov_len) return written(fd, parts[i].iov_base, parts[i].iov_len, -1);
    return 0;
}

int ftruncate(int fd, off_t size)
{
    char path[PATH_MAX];
    if (!*path_of(fd, path)) return (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&lock);
    tick();
    file_of(path);
    int result = (int)syscall(SYS_ftruncate, fd, size);
    if (!result) at_risk(path, (size_t)size, NULL, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

/* Nothing is lost that the program was told is safe, so nothing need really be synced. */
static int synced(int fd, long call)
{
    char path[PATH_MAX];
    struct stat about;
    if (!*path_of(fd, path) || fstat(fd, &about)) return (int)syscall(call, fd);
    pthread_mutex_lock(&lock);
    tick();
    if (S_ISDIR(about.st_mode)) folder_synced(path);
    else file_synced(file_of(path));
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

/* A second name for a file: what is at risk of it is so under both. */
int linkat(int old_dir, const char *old, int new_dir, const char *new, int flags)
{
    char from[PATH_MAX], to[PATH_MAX];
    if (!*path_at(old_dir, old, from) || !*path_at(new_dir, new, to))
        return (int)syscall(SYS_linkat, old_dir, old, new_dir, new, flags);
    pthread_mutex_lock(&lock);
    tick();
    int result = (int)syscall(SYS_linkat, old_dir, old, new_dir, new, flags);
    if (!result) {
        struct file *file = file_of(from), *second = file_of(to);
        second->size = file->size;
        second->disk = memcpy(memory(second->disk, file->size), file->disk, file->size);
        for (struct change *change = file->first; change; change = change->next)
            at_risk(to, change->at, change->bytes, change->length);
        name_at_risk(MADE, to, NULL, NULL);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int unlinkat(int dir, const char *name, int flags)
{
    char path[PATH_MAX];
    if ((flags & AT_REMOVEDIR) || !*path_at(dir, name, path)) return (int)syscall(SYS_unlinkat, dir, name, flags);
    pthread_mutex_lock(&lock);
    tick();
    struct file *file = file_of(path);
    int result = (int)syscall(SYS_unlinkat, dir, name, flags);
    if (!result) {
        file->removed = 1;
        name_at_risk(REMOVED, path, NULL, file);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }

int renameat2(int old_dir, const char *old, int new_dir, const char *new, unsigned flags)
{
    char from[PATH_MAX], to[PATH_MAX];
    if (!*path_at(old_dir, old, from) || !*path_at(new_dir, new, to) || flags)
        return (int)syscall(SYS_renameat2, old_dir, old, new_dir, new, flags);
    pthread_mutex_lock(&lock);
    tick();
    struct file *file = file_of(from), *lost = faccessat(AT_FDCWD, to, F_OK, 0) ? NULL : file_of(to);
    int result = (int)syscall(SYS_renameat2, old_dir, old, new_dir, new, flags);
    if (!result) {
        if (lost) lost->removed = 1;
        file->path = copy_of(to);
        name_at_risk(RENAMED, to, from, lost);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int renameat(int old_dir, const char *old, int new_dir, const char *new)
{
    return renameat2(old_dir, old, new_dir, new, 0);
}

int rename(const char *old, const char *new) { return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0); }
