// Counts heap allocations between two calls of allocation_marker: those of libcrypto, and all others.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static int section = -1;
static uint64_t crypto, others;
static __thread int inside;

static void count(void *caller) {
    if (section < 0 || inside) return;
    inside = 1;
    Dl_info info;
    if (dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "libcrypto"))
        crypto++;
    else
        others++;
    inside = 0;
}

void allocation_marker(int next) {
    int ended = section;
    section = -1;
    if (ended >= 0) {
        printf("%s %.3f %.3f\n", ended == 0 ? "cold" : "repeated", others / 1000.0, crypto / 1000.0);
        fflush(stdout);
    }
    others = crypto = 0;
    section = next;
}

void *malloc(size_t size) { count(__builtin_return_address(0)); return __libc_malloc(size); }
void *calloc(size_t n, size_t size) { count(__builtin_return_address(0)); return __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { count(__builtin_return_address(0)); return __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) {
    count(__builtin_return_address(0));
    return __libc_memalign(alignment, size);
}
int posix_memalign(void **result, size_t alignment, size_t size) {
    count(__builtin_return_address(0));
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : 12;
}
