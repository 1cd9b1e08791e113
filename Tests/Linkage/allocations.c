// A library for LD_PRELOAD with two functions for tests. allocation_marker counts the heap allocations between two
// calls of it, separately for libcrypto and for all other code. allocation_fail makes one later allocation of libcrypto
// return NULL.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
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
static long failing = -1;

static int is_crypto(void *caller) {
    inside = 1;
    Dl_info info;
    int result = dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "libcrypto");
    inside = 0;
    return result;
}

// Counts an allocation. `caller` is the address of the code that requested it. Returns 0 if the allocation must fail,
// else 1.
static int count(void *caller) {
    if (inside || (section < 0 && failing < 0)) return 1;
    int crypto_calls = is_crypto(caller);
    if (section >= 0 && crypto_calls) crypto++;
    if (section >= 0 && !crypto_calls) others++;
    return !(failing >= 0 && crypto_calls && failing-- == 0);
}

// Makes one allocation of libcrypto fail, after `number` more have succeeded. If `number` is -1, none fails. Replaces
// an earlier request whose allocation has not failed yet. Returns 1 if there was such a request, else 0.
int allocation_fail(long number) {
    int pending = failing >= 0;
    failing = number;
    return pending;
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

void *malloc(size_t size) { return count(__builtin_return_address(0)) ? __libc_malloc(size) : NULL; }
void *calloc(size_t n, size_t size) { return count(__builtin_return_address(0)) ? __libc_calloc(n, size) : NULL; }
void *realloc(void *old, size_t size) {
    return count(__builtin_return_address(0)) ? __libc_realloc(old, size) : NULL;
}
void *aligned_alloc(size_t alignment, size_t size) {
    return count(__builtin_return_address(0)) ? __libc_memalign(alignment, size) : NULL;
}
int posix_memalign(void **result, size_t alignment, size_t size) {
    void *memory = count(__builtin_return_address(0)) ? __libc_memalign(alignment, size) : NULL;
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}
