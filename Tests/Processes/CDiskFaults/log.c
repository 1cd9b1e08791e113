#define _GNU_SOURCE
#include "log.h"
#include "CDiskFaults.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/// The header of a log entry. The entry's name and data follow it in the log file.
struct header {
    uint32_t kind;
    uint32_t is_durable;
    uint64_t inode;
    uint64_t directory;
    uint64_t other_directory;
    uint64_t offset;
    uint32_t name_count;
    uint32_t data_count;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int log_descriptor = -1;
static int entries_until_kill;

static void append(struct header header, const char *name, const void *data, size_t count) {
    if (log_descriptor < 0) return;
    header.name_count = name ? (uint32_t)strlen(name) : 0;
    header.data_count = (uint32_t)count;
    struct iovec parts[3] = {
        {&header, sizeof header}, {(void *)name, header.name_count}, {(void *)data, count}};
    size_t total = sizeof header + header.name_count + count;
    // Do not call `writev`: `faults.c` replaces it with a function that logs its calls here.
    if (syscall(SYS_writev, log_descriptor, parts, 3) != (long)total) abort();
    if (entries_until_kill > 0 && --entries_until_kill == 0) {
        kill(getpid(), SIGKILL);
        pause();
    }
}

void disk_log_start(const char *log, const char *root, int kill_after) {
    struct stat status;
    if (stat(root, &status) != 0) abort();
    int descriptor = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) abort();
    pthread_mutex_lock(&mutex);
    log_descriptor = descriptor;
    append((struct header){.kind = DISK_LOG_ROOT, .inode = status.st_ino}, NULL, NULL, 0);
    entries_until_kill = kill_after;
    pthread_mutex_unlock(&mutex);
}

void disk_log_mark(const char *text) {
    pthread_mutex_lock(&mutex);
    append((struct header){.kind = DISK_LOG_MARK}, NULL, text, strlen(text));
    pthread_mutex_unlock(&mutex);
}

void disk_log_lock(void) { pthread_mutex_lock(&mutex); }

void disk_log_unlock(void) {
    int code = errno;
    pthread_mutex_unlock(&mutex);
    errno = code;
}

int disk_log_exists(int directory, const char *path) {
    struct stat status;
    return fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/// Returns the inode of the directory that contains `path`, and stores the last component of `path` in `name`. `name`
/// must have room for PATH_MAX bytes.
static uint64_t locate(int directory, const char *path, char *name) {
    char buffer[PATH_MAX];
    struct stat status;
    strncpy(buffer, path, sizeof buffer - 1);
    buffer[sizeof buffer - 1] = 0;
    size_t length = strlen(buffer);
    while (length > 1 && buffer[length - 1] == '/') buffer[--length] = 0;
    char *slash = strrchr(buffer, '/');
    strcpy(name, slash ? slash + 1 : buffer);
    const char *parent = ".";
    if (slash == buffer) parent = "/";
    else if (slash) {
        *slash = 0;
        parent = buffer;
    }
    return fstatat(directory, parent, &status, 0) == 0 ? status.st_ino : 0;
}

void disk_log_create(enum disk_log_kind kind, int directory, const char *path) {
    char name[PATH_MAX];
    struct stat status;
    uint64_t parent = locate(directory, path, name);
    if (log_descriptor < 0 || fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) != 0) return;
    append((struct header){.kind = kind, .inode = status.st_ino, .directory = parent}, name, NULL, 0);
}

void disk_log_rename(int from_directory, const char *from, int to_directory, const char *to) {
    char from_name[PATH_MAX], to_name[PATH_MAX];
    struct stat status;
    uint64_t source = locate(from_directory, from, from_name);
    uint64_t target = locate(to_directory, to, to_name);
    if (log_descriptor < 0 || fstatat(to_directory, to, &status, AT_SYMLINK_NOFOLLOW) != 0) return;
    struct header header = {
        .kind = DISK_LOG_RENAME, .inode = status.st_ino, .directory = source, .other_directory = target};
    append(header, from_name, to_name, strlen(to_name));
}

void disk_log_remove(int directory, const char *path) {
    char name[PATH_MAX];
    uint64_t parent = locate(directory, path, name);
    append((struct header){.kind = DISK_LOG_REMOVE, .directory = parent}, name, NULL, 0);
}

static uint64_t inode(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

void disk_log_write(int descriptor, const void *bytes, size_t count, off_t offset) {
    if (log_descriptor < 0) return;
    struct header header = {.kind = DISK_LOG_WRITE, .inode = inode(descriptor), .offset = (uint64_t)offset};
    header.is_durable = (fcntl(descriptor, F_GETFL) & O_DSYNC) != 0;
    append(header, NULL, bytes, count);
}

void disk_log_truncate(int descriptor, off_t length) {
    if (log_descriptor < 0) return;
    append((struct header){.kind = DISK_LOG_TRUNCATE, .inode = inode(descriptor), .offset = (uint64_t)length}, NULL,
           NULL, 0);
}

void disk_log_sync(int descriptor) {
    if (log_descriptor < 0) return;
    append((struct header){.kind = DISK_LOG_SYNC, .inode = inode(descriptor)}, NULL, NULL, 0);
}
