#pragma once
#include <sqlite3.h>
#include <string.h>

/// SQLITE_TRANSIENT is a cast that Swift does not import. NULL bytes (an empty span has none) stand
/// for the empty text or blob, where SQLite itself would make them NULL.
static inline int logbook_bind_text(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
  return sqlite3_bind_text64(
      statement, index, bytes ? (const char *)bytes : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int logbook_bind_blob(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
  return sqlite3_bind_blob64(statement, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}

/// The caller keeps `bytes` alive and unchanged until the parameter is bound anew.
static inline int logbook_bind_blob_uncopied(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
  return sqlite3_bind_blob64(statement, index, bytes ? bytes : "", count, SQLITE_STATIC);
}

static inline void logbook_result_text(
    sqlite3_context *context, const void *bytes, sqlite3_uint64 count) {
  sqlite3_result_text64(
      context, bytes ? (const char *)bytes : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// `bytes` stay where they are for good.
static inline void logbook_result_constant(
    sqlite3_context *context, const void *bytes, sqlite3_uint64 count) {
  sqlite3_result_text64(context, (const char *)bytes, count, SQLITE_STATIC, SQLITE_UTF8);
}

static inline void logbook_result_blob(
    sqlite3_context *context, const void *bytes, sqlite3_uint64 count) {
  sqlite3_result_blob64(context, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}

/// A C string in memory of `sqlite3_malloc`, as the fields that SQLite frees itself want it.
/// (`sqlite3_mprintf` is variadic.)
static inline char *logbook_message(const void *bytes, size_t count) {
  char *message = (char *)sqlite3_malloc64((sqlite3_uint64)count + 1);
  if (!message) return 0;
  if (count) memcpy(message, bytes, count);
  message[count] = 0;
  return message;
}

/// SQLite's structures of a virtual table and its cursor, each with the Swift object behind it.
typedef struct {
  sqlite3_vtab base;
  void *object;
} logbook_table;

typedef struct {
  sqlite3_vtab_cursor base;
  void *object;
} logbook_cursor;
