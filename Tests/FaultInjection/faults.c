// Loaded into the program under test by LD_PRELOAD: counts the calls that reach the file system, and
// lets one of them fail.
//
// FAULT_AT=N       the call, counted from 1, that fails (0: none, only count)
// FAULT_HOW=E      an errno; 0 kills the process before the call, -1 does half of a write first
// FAULT_DO=S       instead, this shell script runs before the call, which then goes on as always
// FAULT_FOLLOWS=1  every later call that writes fails too, as on a full disk
// FAULT_CLOCK=S    the time of day, in seconds since 1970, for as long as the process lives
// FAULT_REPORT=F   a file that gets "calls bytes-read faults" when the process exits; the bytes are those
//                  of files whose path does not hold ".db"
// FAULT_SHORTER=N  statx says of files named *.log that they are N bytes shorter, as NFS does for a while
// FAULT_STEP=N     each look at the time of day finds it N seconds later
// FAULT_STATFS=M   statfs says of every folder that its file system has this magic number
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static atomic_long calls, bytes_read, faults;
static long fault_at;
static int fault_how, fault_follows;
static const char *fault_do;

__attribute__((constructor)) static void begin(void) {
  const char *at = getenv("FAULT_AT"), *how = getenv("FAULT_HOW");
  fault_at = at ? atol(at) : 0;
  fault_how = how ? atoi(how) : EIO;
  fault_follows = getenv("FAULT_FOLLOWS") != NULL;
  fault_do = getenv("FAULT_DO");
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("FAULT_REPORT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld %ld %ld\n", (long)calls, (long)bytes_read, (long)faults);
  fclose(file);
}

static void count_bytes(int descriptor, ssize_t count) {
  if (count <= 0 || !getenv("FAULT_REPORT")) return;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  path[length < 0 ? 0 : length] = 0;
  if (!strstr(path, ".db")) atomic_fetch_add(&bytes_read, count);
}

static void run_script(void) {
  pid_t child = fork();
  if (child == 0) {
    unsetenv("LD_PRELOAD");
    execl("/bin/sh", "sh", "-ec", fault_do, (char *)NULL);
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (status == 0) atomic_fetch_add(&faults, 1);
}

enum kind { READS, WRITES };

// Whether this call fails; errno is set then.
static int fails(enum kind kind) {
  long call = atomic_fetch_add(&calls, 1) + 1;
  if (!fault_at || call < fault_at) return 0;
  if (fault_do) {
    if (call == fault_at) run_script();
    return 0;
  }
  if (call > fault_at && !(fault_follows && kind == WRITES)) return 0;
  if (fault_how == 0) kill(getpid(), SIGKILL);
  if (fault_how < 0) return kind == WRITES ? -1 : (kill(getpid(), SIGKILL), 1);
  atomic_fetch_add(&faults, 1);
  errno = fault_how;
  return 1;
}

#define NEXT(result, name, ...)                        \
  static result (*next)(__VA_ARGS__);                  \
  if (!next) next = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

#define OPEN(name)                                                         \
  int name(const char *path, int flags, ...) {                             \
    NEXT(int, name, const char *, int, mode_t);                            \
    mode_t mode = 0;                                                       \
    if (flags & (O_CREAT | O_TMPFILE)) {                                   \
      va_list list;                                                        \
      va_start(list, flags);                                               \
      mode = va_arg(list, mode_t);                                         \
      va_end(list);                                                        \
    }                                                                      \
    return fails(flags & O_CREAT ? WRITES : READS) ? -1 : next(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                       \
  int name(int folder, const char *path, int flags, ...) {                 \
    NEXT(int, name, int, const char *, int, mode_t);                       \
    mode_t mode = 0;                                                       \
    if (flags & (O_CREAT | O_TMPFILE)) {                                   \
      va_list list;                                                        \
      va_start(list, flags);                                               \
      mode = va_arg(list, mode_t);                                         \
      va_end(list);                                                        \
    }                                                                      \
    return fails(READS) ? -1 : next(folder, path, flags, mode);            \
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t read(int descriptor, void *buffer, size_t count) {
  NEXT(ssize_t, read, int, void *, size_t);
  if (fails(READS)) return -1;
  ssize_t result = next(descriptor, buffer, count);
  count_bytes(descriptor, result);
  return result;
}

#define PREAD(name)                                                        \
  ssize_t name(int descriptor, void *buffer, size_t count, off64_t offset) { \
    NEXT(ssize_t, name, int, void *, size_t, off64_t);                     \
    if (fails(READS)) return -1;                                           \
    ssize_t result = next(descriptor, buffer, count, offset);              \
    count_bytes(descriptor, result);                                       \
    return result;                                                         \
  }
PREAD(pread)
PREAD(pread64)

ssize_t write(int descriptor, const void *buffer, size_t count) {
  NEXT(ssize_t, write, int, const void *, size_t);
  if (descriptor <= 2) return next(descriptor, buffer, count);
  int fault = fails(WRITES);
  if (fault > 0) return -1;
  ssize_t result = next(descriptor, buffer, fault ? count / 2 : count);
  if (fault) kill(getpid(), SIGKILL);
  return result;
}

#define PWRITE(name)                                                       \
  ssize_t name(int descriptor, const void *buffer, size_t count, off64_t offset) { \
    NEXT(ssize_t, name, int, const void *, size_t, off64_t);               \
    int fault = fails(WRITES);                                             \
    if (fault > 0) return -1;                                              \
    ssize_t result = next(descriptor, buffer, fault ? count / 2 : count, offset); \
    if (fault) kill(getpid(), SIGKILL);                                    \
    return result;                                                         \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

#define SIMPLE(kind, name, parameters, types, arguments)                   \
  int name parameters {                                                    \
    NEXT(int, name, types);                                                \
    return fails(kind) ? -1 : next arguments;                              \
  }
#define TYPES(...) __VA_ARGS__
SIMPLE(WRITES, fsync, (int descriptor), TYPES(int), (descriptor))
SIMPLE(WRITES, fdatasync, (int descriptor), TYPES(int), (descriptor))
SIMPLE(WRITES, ftruncate, (int descriptor, off64_t size), TYPES(int, off64_t), (descriptor, size))
SIMPLE(WRITES, ftruncate64, (int descriptor, off64_t size), TYPES(int, off64_t), (descriptor, size))
SIMPLE(READS, flock, (int descriptor, int operation), TYPES(int, int), (descriptor, operation))
SIMPLE(WRITES, unlink, (const char *path), TYPES(const char *), (path))
SIMPLE(WRITES, rename, (const char *from, const char *to), TYPES(const char *, const char *), (from, to))
SIMPLE(WRITES, fchmod, (int descriptor, mode_t mode), TYPES(int, mode_t), (descriptor, mode))
SIMPLE(READS, fstat, (int descriptor, struct stat *result), TYPES(int, struct stat *), (descriptor, result))
SIMPLE(READS, fstat64, (int descriptor, struct stat64 *result), TYPES(int, struct stat64 *), (descriptor, result))

// Whether the file of a statx call is named *.log.
static int is_log(int folder, const char *path) {
  char link[64], name[4096];
  if (!*path) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, name, sizeof name - 1);
    name[length < 0 ? 0 : length] = 0;
    path = name;
  }
  size_t length = strlen(path);
  return length > 4 && !strcmp(path + length - 4, ".log");
}

// Swift's Glibc module has no statx: the program makes the system call itself.
long syscall(long number, ...) {
  NEXT(long, syscall, long, ...);
  va_list list;
  long a[6];
  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_statx && fails(READS)) return -1;
  long result = next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  const char *shorter = number == SYS_statx && result == 0 ? getenv("FAULT_SHORTER") : NULL;
  if (shorter && is_log((int)a[0], (const char *)a[1])) {
    struct statx *status = (struct statx *)a[4];
    unsigned long long less = strtoull(shorter, NULL, 10);
    status->stx_size -= less < status->stx_size ? less : status->stx_size;
  }
  return result;
}

int clock_gettime(clockid_t clock, struct timespec *result) {
  static atomic_long looks;
  NEXT(int, clock_gettime, clockid_t, struct timespec *);
  int outcome = next(clock, result);
  if (clock != CLOCK_REALTIME) return outcome;
  const char *seconds = getenv("FAULT_CLOCK"), *step = getenv("FAULT_STEP");
  if (seconds) *result = (struct timespec){.tv_sec = atol(seconds)};
  if (step) result->tv_sec += atol(step) * atomic_fetch_add(&looks, 1);
  return outcome;
}

int statfs(const char *path, struct statfs *result) {
  NEXT(int, statfs, const char *, struct statfs *);
  if (fails(READS)) return -1;
  int outcome = next(path, result);
  const char *magic = getenv("FAULT_STATFS");
  if (outcome == 0 && magic) result->f_type = strtoul(magic, NULL, 0);
  return outcome;
}

#define MMAP(name)                                                         \
  void *name(void *address, size_t size, int protection, int flags, int descriptor, off64_t offset) { \
    NEXT(void *, name, void *, size_t, int, int, int, off64_t);            \
    if (descriptor >= 0 && fails(READS)) return MAP_FAILED;                \
    return next(address, size, protection, flags, descriptor, offset);     \
  }
MMAP(mmap)
MMAP(mmap64)
