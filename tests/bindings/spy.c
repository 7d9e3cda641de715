// Looks at each block that the library frees, for test_memory.py: preloaded, it stands before the C library's `free`.
// Blocks that others free are passed on; an app's runtime has copies of its own.

#define _GNU_SOURCE
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <string.h>

extern void __libc_free(void *block);

enum { MOST_SECRETS = 64, LONGEST = 256 };

static struct { unsigned char bytes[LONGEST]; size_t length; } secrets[MOST_SECRETS];
static int known;
static uintptr_t code_start, code_end;
static unsigned long freed, found;

static int find_code(struct dl_phdr_info *object, size_t size, void *part_of_name) {
    (void)size;
    if (!strstr(object->dlpi_name, part_of_name)) return 0;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X)) {
            code_start = object->dlpi_addr + segment->p_vaddr;
            code_end = code_start + segment->p_memsz;
        }
    }
    return 1;
}

// Whether the library with this in its path is loaded; only what it frees is looked at.
int spy_on(const char *part_of_name) {
    return dl_iterate_phdr(find_code, (void *)part_of_name) == 1 && code_end > code_start;
}

// One more secret; whether there was room for it.
int spy_know(const unsigned char *bytes, size_t length) {
    if (known == MOST_SECRETS || length > LONGEST) return 0;
    memcpy(secrets[known].bytes, bytes, length);
    secrets[known].length = length;
    known++;
    return 1;
}

unsigned long spy_freed(void) { return freed; }
unsigned long spy_found(void) { return found; }

static int holds_a_secret(const void *block) {
    size_t size = malloc_usable_size((void *)block);
    for (int i = 0; i < known; i++) {
        if (memmem(block, size, secrets[i].bytes, secrets[i].length)) return 1;
    }
    return 0;
}

void free(void *block) {
    uintptr_t caller = (uintptr_t)__builtin_return_address(0);
    if (block && caller >= code_start && caller < code_end) {
        __atomic_add_fetch(&freed, 1, __ATOMIC_RELAXED);
        if (holds_a_secret(block)) __atomic_add_fetch(&found, 1, __ATOMIC_RELAXED);
    }
    __libc_free(block);
}
