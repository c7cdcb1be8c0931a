/*
 * A disk that fails when it is told to: loaded before the C library (LD_PRELOAD), it stands between
 * a server and the files of its SQLite store, and counts what would change them.
 *
 * What it does is told, and what it did is read, through a file of 32-bit numbers that a test has
 * mapped too; disk.py has the same list. Files are known by their names, calls by their functions.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define STORE "kaunter.sqlite"
/* Writes between two flushes of the log that are remembered: more than any commit here makes. */
#define RANGES 4096

enum action { NOTHING, COUNT, FAIL_ONCE, FAIL_FROM, SHORT_THEN_FAIL, LOSE, FORGET, NO_SPACE };
enum kind { WRITE = 1, FLUSH = 2, TRUNCATE = 4 };
enum file { OTHER = 0, MAIN = 1, LOG = 2, INDEX = 4, JOURNAL = 8 };
enum verdict { PASS, FAIL, SHORT, DROP };

struct control {
    uint32_t action, error; /* what to do, and the errno of what fails; 0 says that it did not */
    uint32_t files, kinds;  /* the files and the calls that count */
    uint32_t target;        /* at which of those calls, from 1 */
    uint32_t count, fired;  /* calls since it was told; how many of them went wrong */
    uint32_t kind, file;    /* the first that went wrong */
    uint32_t is_commit;     /* whether that was the flush that ends a commit */
};

static struct control *control;
static struct { off_t offset; size_t length; } ranges[RANGES];
static unsigned unflushed;

static ssize_t (*next_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*next_write)(int, const void *, size_t);
static int (*next_ftruncate)(int, off64_t);
static int (*next_fsync)(int);
static int (*next_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
    next_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    next_write = dlsym(RTLD_NEXT, "write");
    next_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    next_fsync = dlsym(RTLD_NEXT, "fsync");
    next_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    const char *path = getenv("FAULTS_CONTROL");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) {
        fprintf(stderr, "the shim has no control file\n");
        exit(1);
    }
    void *place = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (place == MAP_FAILED) {
        perror("the shim's control file");
        exit(1);
    }
    control = place;
}

/* Which file of the store this is. */
static enum file file_of(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return OTHER;
    path[length] = 0;
    const char *name = strrchr(path, '/');
    if (!name || strncmp(name + 1, STORE, strlen(STORE)) != 0) return OTHER;
    const char *rest = name + 1 + strlen(STORE);
    if (!*rest) return MAIN;
    if (!strcmp(rest, "-wal")) return LOG;
    if (!strcmp(rest, "-shm")) return INDEX;
    return !strcmp(rest, "-journal") ? JOURNAL : OTHER;
}

/* Counts a call and says what becomes of it; `grows` is whether it needs more of the disk. */
static enum verdict judge(enum kind kind, enum file file, int grows) {
    uint32_t action = __atomic_load_n(&control->action, __ATOMIC_ACQUIRE);
    if (action == NOTHING || !(control->files & file) || !(control->kinds & kind)) return PASS;
    uint32_t number = __atomic_add_fetch(&control->count, 1, __ATOMIC_ACQ_REL);
    enum verdict verdict = PASS;
    switch (action) {
    case FAIL_ONCE: case FORGET: verdict = number == control->target ? FAIL : PASS; break;
    case FAIL_FROM: verdict = number >= control->target ? FAIL : PASS; break;
    case SHORT_THEN_FAIL:
        if (number == control->target) verdict = kind == WRITE ? SHORT : FAIL;
        else if (number == control->target + 1) verdict = FAIL;
        break;
    case LOSE: verdict = number == control->target && kind == WRITE ? DROP : PASS; break;
    case NO_SPACE: verdict = grows ? FAIL : PASS; break;
    }
    if (verdict != PASS && __atomic_fetch_add(&control->fired, 1, __ATOMIC_ACQ_REL) == 0) {
        control->kind = kind;
        control->file = file;
        control->is_commit = kind == FLUSH && file == LOG && unflushed > 0;
    }
    if (verdict == FAIL) errno = (int)control->error;
    return verdict;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    enum file file = file_of(fd);
    if (file == OTHER) return next_pwrite(fd, bytes, length, offset);
    struct stat about;
    int grows = fstat(fd, &about) == 0 && offset + (off64_t)length > about.st_size;
    enum verdict verdict = judge(WRITE, file, grows);
    if (verdict == FAIL) return -1;
    if (verdict == DROP) return (ssize_t)length;
    if (verdict == SHORT) length = (length + 1) / 2;
    if (file == LOG && unflushed < RANGES) {
        ranges[unflushed].offset = offset;
        ranges[unflushed++].length = length;
    }
    return next_pwrite(fd, bytes, length, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return pwrite64(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    enum file file = file_of(fd);
    enum verdict verdict = file == OTHER ? PASS : judge(WRITE, file, 1);
    if (verdict == FAIL) return -1;
    if (verdict == DROP) return (ssize_t)length;
    return next_write(fd, bytes, verdict == SHORT ? (length + 1) / 2 : length);
}

int ftruncate64(int fd, off64_t length) {
    enum file file = file_of(fd);
    struct stat about;
    int grows = fstat(fd, &about) == 0 && length > about.st_size;
    enum verdict verdict = file == OTHER ? PASS : judge(TRUNCATE, file, grows);
    return verdict == FAIL ? -1 : next_ftruncate(fd, length);
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

/* After a failed flush a system may take its pages for clean and lose what was in them. */
static void forget(int fd) {
    static const char nothing[65536];
    for (unsigned each = 0; each < unflushed; each++)
        if (ranges[each].length <= sizeof nothing)
            next_pwrite(fd, nothing, ranges[each].length, ranges[each].offset);
}

static int flush(int fd, int (*next)(int)) {
    enum file file = file_of(fd);
    if (file == OTHER) return next(fd);
    int error = errno;
    enum verdict verdict = judge(FLUSH, file, 0);
    if (verdict == FAIL) {
        error = errno;
        if (file == LOG && control->action == FORGET) forget(fd);
    }
    if (file == LOG) unflushed = 0;
    if (verdict == PASS) return next(fd);
    if (!error) return 0;
    errno = error;
    return -1;
}

int fsync(int fd) { return flush(fd, next_fsync); }

int fdatasync(int fd) { return flush(fd, next_fdatasync); }
