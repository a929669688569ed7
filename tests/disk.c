/* A disk for tests, preloaded into a process: what the process does to files below $DISK_FOLDER is recorded in
   $DISK_LOG, and the disk is full when $DISK_SPACE says so. tests/disk.py starts such processes and reads the record. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name)                           \
    static __typeof__(name) *real;           \
    if (!real)                               \
        real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static const char *folder;
static int record = -1; /* of each act "act offset size", its path, and as many bytes as size says */
static struct {
    long left;    /* writes for which there is still space; negative: no end of it */
    long copying; /* not 0: what overwrites a file in place needs space too, as on a disk that copies on write */
} *space;

__attribute__((constructor)) static void begin(void)
{
    const char *log = getenv("DISK_LOG"), *shared = getenv("DISK_SPACE");
    if (log)
        record = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (shared) {
        int file = open(shared, O_RDWR);
        space = mmap(NULL, sizeof *space, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        close(file);
    }
    folder = getenv("DISK_FOLDER");
}

static int below(const char *path)
{
    size_t length = folder ? strlen(folder) : 0;
    return length && !strncmp(path, folder, length) && (!path[length] || path[length] == '/');
}

/* Tell whether an open file lies below the folder, and where; one that has lost its name does not matter any more. */
static int named(int file, char path[PATH_MAX])
{
    char link[64];
    struct stat found;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = folder ? readlink(link, path, PATH_MAX - 1) : -1;
    if (length < 0)
        return 0;
    path[length] = 0;
    return below(path) && !fstat(file, &found) && found.st_nlink > 0;
}

static void note(const char *act, const char *path, long offset, const void *bytes, size_t size)
{
    char head[PATH_MAX + 64];
    int length = snprintf(head, sizeof head, "%s %ld %zu\n%s\n", act, offset, size, path);
    struct iovec parts[] = {{head, length}, {(void *)bytes, size}};
    if (record >= 0 && writev(record, parts, 2) < 0)
        abort();
}

static int full(int grows)
{
    if (!space || !(grows || space->copying))
        return 0;
    long left = space->left;
    while (left > 0 && !__atomic_compare_exchange_n(&space->left, &left, left - 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        ;
    errno = ENOSPC;
    return left == 0;
}

static off_t size_of(int file)
{
    struct stat found;
    return fstat(file, &found) ? 0 : found.st_size;
}

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode)
{
    int created = below(path) && flags & O_CREAT && access(path, F_OK);
    if (created && full(1))
        return -1;
    int file = real(path, flags, mode);
    if (file >= 0 && created)
        note("create", path, 0, NULL, 0);
    else if (file >= 0 && below(path) && flags & O_TRUNC)
        note("truncate", path, 0, NULL, 0);
    return file;
}

#define OPENING(name)                          \
    int name(const char *path, int flags, ...) \
    {                                          \
        REAL(name);                            \
        va_list rest;                          \
        va_start(rest, flags);                 \
        mode_t mode = va_arg(rest, mode_t);    \
        va_end(rest);                          \
        return opened(real, path, flags, mode);\
    }
OPENING(open)
OPENING(open64)

ssize_t write(int file, const void *bytes, size_t size)
{
    REAL(write);
    char path[PATH_MAX];
    if (!named(file, path))
        return real(file, bytes, size);
    off_t offset = fcntl(file, F_GETFL) & O_APPEND ? size_of(file) : lseek(file, 0, SEEK_CUR);
    if (full(offset + (off_t)size > size_of(file)))
        return -1;
    ssize_t done = real(file, bytes, size);
    if (done > 0)
        note("write", path, offset, bytes, done);
    return done;
}

#define WRITING(name, type)                                               \
    ssize_t name(int file, const void *bytes, size_t size, type offset)   \
    {                                                                     \
        REAL(name);                                                       \
        char path[PATH_MAX];                                              \
        if (!named(file, path))                                           \
            return real(file, bytes, size, offset);                       \
        if (full(offset + (type)size > size_of(file)))                    \
            return -1;                                                    \
        ssize_t done = real(file, bytes, size, offset);                   \
        if (done > 0)                                                     \
            note("write", path, offset, bytes, done);                     \
        return done;                                                      \
    }
WRITING(pwrite, off_t)
WRITING(pwrite64, off64_t)

#define TRUNCATING(name, type)                 \
    int name(int file, type size)              \
    {                                          \
        REAL(name);                            \
        char path[PATH_MAX];                   \
        if (!named(file, path))                \
            return real(file, size);           \
        if (size > size_of(file) && full(1))   \
            return -1;                         \
        int failed = real(file, size);         \
        if (!failed)                           \
            note("truncate", path, size, NULL, 0); \
        return failed;                         \
    }
TRUNCATING(ftruncate, off_t)
TRUNCATING(ftruncate64, off64_t)

#define SYNCING(name)                          \
    int name(int file)                         \
    {                                          \
        REAL(name);                            \
        char path[PATH_MAX];                   \
        int failed = real(file);               \
        if (!failed && named(file, path))      \
            note("sync", path, 0, NULL, 0);    \
        return failed;                         \
    }
SYNCING(fsync)
SYNCING(fdatasync)

int unlink(const char *path)
{
    REAL(unlink);
    int failed = real(path);
    if (!failed && below(path))
        note("remove", path, 0, NULL, 0);
    return failed;
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    if (below(to) && full(1))
        return -1;
    int failed = real(from, to);
    if (!failed && below(to))
        note("rename", from, 0, to, strlen(to));
    return failed;
}

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir);
    if (below(path) && access(path, F_OK) && full(1))
        return -1;
    int failed = real(path, mode);
    if (!failed && below(path))
        note("folder", path, 0, NULL, 0);
    return failed;
}
