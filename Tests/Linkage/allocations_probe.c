// A program that checks allocations.c. Its file name must contain "libcrypto", so that allocations.c treats it as
// libcrypto. It prints how many allocations allocation_marker counted, and the names of the functions that
// allocation_fail did not make fail.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const names[] = {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign"};
enum { functions = sizeof names / sizeof *names };

static void *allocate(int function) {
    void *result = NULL;
    switch (function) {
    case 0: return malloc(64);
    case 1: return calloc(8, 8);
    case 2: return realloc(NULL, 64);
    case 3: return aligned_alloc(64, 64);
    default: return posix_memalign(&result, 64, 64) == ENOMEM ? NULL : result;
    }
}

int main(void) {
    void (*marker)(int) = dlsym(RTLD_DEFAULT, "allocation_marker");
    int (*fail)(long) = dlsym(RTLD_DEFAULT, "allocation_fail");
    if (!marker || !fail) return 2;
    void *memory[functions];
    marker(0);
    for (int function = 0; function < functions; function++) memory[function] = allocate(function);
    marker(-1);
    for (int function = 0; function < functions; function++) free(memory[function]);
    for (int function = 0; function < functions; function++) {
        fail(0);
        void *result = allocate(function);
        fail(-1);
        if (result) printf("%s did not fail\n", names[function]);
        free(result);
    }
    return 0;
}
