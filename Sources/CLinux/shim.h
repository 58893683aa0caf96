#pragma once
#include <fcntl.h>
#include <linux/stat.h>
#include <malloc.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/// `open` is variadic, which Swift does not import.
static inline int logbook_open(const char *path, int flags, unsigned int mode) {
  return open(path, flags, mode);
}

/// `ioctl` is variadic. The width of the terminal on `descriptor` in columns, or 0.
static inline int logbook_terminal_columns(int descriptor) {
  struct winsize size;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// glibc declares `statx` only under _GNU_SOURCE, with which Swift's Glibc module is not built.
static inline int logbook_statx(
    int directory, const char *path, int flags, unsigned int mask, struct statx *result) {
  return (int)syscall(SYS_statx, directory, path, flags, mask, result);
}

/// `AT_EMPTY_PATH` (the status of the descriptor itself) is declared only under _GNU_SOURCE.
static const int logbook_at_empty_path = 0x1000;

/// `SEEK_DATA` is declared only under _GNU_SOURCE. The offset of the next byte at or after `offset` that is not
/// in a hole, or -1 with ENXIO when only a hole is left.
static inline off_t logbook_seek_data(int descriptor, off_t offset) {
  return lseek(descriptor, offset, 3);
}

/// `fcntl` is variadic, and `F_OFD_SETLK` declared only under _GNU_SOURCE. Locks one byte for writing, for as
/// long as the open file description lives, without waiting.
static inline int logbook_lock_byte(int descriptor, off_t offset) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};
  return fcntl(descriptor, 37, &lock);
}

/// Gives such a lock back, whoever else holds the descriptor.
static inline int logbook_unlock_byte(int descriptor, off_t offset) {
  struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = offset, .l_len = 1};
  return fcntl(descriptor, 37, &lock);
}

/// The magic number of the file system that `path` lies on; 0 where it cannot be told.
static inline unsigned int logbook_file_system(const char *path) {
  struct statfs status;
  return statfs(path, &status) == 0 ? (unsigned int)status.f_type : 0;
}

/// glibc declares `memmem` too only under _GNU_SOURCE.
void *memmem(const void *text, size_t count, const void *part, size_t part_count);

/// Nor is this in Swift's Glibc module; the actions are a `posix_spawn_file_actions_t`.
int posix_spawn_file_actions_addclosefrom_np(void *actions, int first);

/// A descriptor from which the signals of the set, a `sigset_t`, can be read, if they are blocked.
/// (`signalfd`, whose header would make this module the owner of `timespec` and others of Glibc's.)
static inline int logbook_signal_descriptor(const void *signals) {
  return (int)syscall(SYS_signalfd4, -1, signals, 8, O_CLOEXEC | O_NONBLOCK);
}

/// The next of these signals; 0 where none waits. What sent it is in `code`: more than 0 is the kernel, as for
/// a terminal.
static inline int logbook_next_signal(int descriptor, int *code) {
  int info[32];
  if (read(descriptor, info, sizeof info) != sizeof info) return 0;
  *code = info[2];
  return info[0];
}

/// Swift's Glibc module has no `mallopt`. From here on all threads allocate from one heap.
static inline int logbook_use_one_heap(void) { return mallopt(M_ARENA_MAX, 1); }
