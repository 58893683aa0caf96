// The functions of SQLite that the Swift targets call, each passed on to the program that loaded the
// extension, by the table that SQLite hands to extensions. Hidden, so that the linker binds the calls
// of this library to these and not to a libsqlite3 that may also be in the process.

#define SQLITE_CORE 1  // Keeps the header from renaming what is defined here.
#include <sqlite3ext.h>

#include "extension.h"

static const sqlite3_api_routines *routines;

#define HIDDEN __attribute__((visibility("hidden")))
#define ROUTE(type, name, parameters, arguments) \
  HIDDEN type sqlite3_##name parameters { return routines->name arguments; }

typedef sqlite3 DB;
typedef sqlite3_stmt Statement;
typedef sqlite3_value Value;
typedef sqlite3_context Context;
typedef void (*Destructor)(void *);

// Connections
ROUTE(int, open_v2, (const char *name, DB **db, int flags, const char *vfs), (name, db, flags, vfs))
ROUTE(int, close_v2, (DB *db), (db))
ROUTE(int, exec,
      (DB *db, const char *sql, int (*row)(void *, int, char **, char **), void *context, char **error),
      (db, sql, row, context, error))
ROUTE(const char *, errmsg, (DB *db), (db))
ROUTE(int, error_offset, (DB *db), (db))
ROUTE(int, extended_errcode, (DB *db), (db))
ROUTE(int, extended_result_codes, (DB *db, int on), (db, on))
ROUTE(int, busy_timeout, (DB *db, int milliseconds), (db, milliseconds))
ROUTE(sqlite3_int64, changes64, (DB *db), (db))
ROUTE(sqlite3_int64, total_changes64, (DB *db), (db))
ROUTE(sqlite3_int64, last_insert_rowid, (DB *db), (db))
ROUTE(int, get_autocommit, (DB *db), (db))
ROUTE(int, file_control, (DB *db, const char *name, int code, void *value), (db, name, code, value))
ROUTE(int, wal_checkpoint_v2, (DB *db, const char *name, int mode, int *frames, int *moved),
      (db, name, mode, frames, moved))
ROUTE(void, progress_handler, (DB *db, int period, int (*look)(void *), void *context),
      (db, period, look, context))
ROUTE(int, set_authorizer,
      (DB *db, int (*ask)(void *, int, const char *, const char *, const char *, const char *),
       void *context),
      (db, ask, context))
ROUTE(int, create_function_v2,
      (DB *db, const char *name, int count, int flags, void *context,
       void (*call)(Context *, int, Value **), void (*step)(Context *, int, Value **),
       void (*final)(Context *), Destructor destroy),
      (db, name, count, flags, context, call, step, final, destroy))
ROUTE(int, create_module_v2,
      (DB *db, const char *name, const sqlite3_module *module, void *context, Destructor destroy),
      (db, name, module, context, destroy))

// Statements
ROUTE(int, prepare_v3,
      (DB *db, const char *sql, int count, unsigned flags, Statement **statement, const char **tail),
      (db, sql, count, flags, statement, tail))
ROUTE(int, step, (Statement *statement), (statement))
ROUTE(int, reset, (Statement *statement), (statement))
ROUTE(int, finalize, (Statement *statement), (statement))
ROUTE(const char *, sql, (Statement *statement), (statement))
ROUTE(char *, expanded_sql, (Statement *statement), (statement))
ROUTE(int, stmt_readonly, (Statement *statement), (statement))
ROUTE(DB *, db_handle, (Statement *statement), (statement))
ROUTE(int, clear_bindings, (Statement *statement), (statement))
ROUTE(int, bind_parameter_count, (Statement *statement), (statement))
ROUTE(int, bind_parameter_index, (Statement *statement, const char *name), (statement, name))
ROUTE(int, bind_null, (Statement *statement, int index), (statement, index))
ROUTE(int, bind_int64, (Statement *statement, int index, sqlite3_int64 value),
      (statement, index, value))
ROUTE(int, bind_double, (Statement *statement, int index, double value), (statement, index, value))
ROUTE(int, bind_blob64,
      (Statement *statement, int index, const void *bytes, sqlite3_uint64 count, Destructor destroy),
      (statement, index, bytes, count, destroy))
ROUTE(int, bind_text64,
      (Statement *statement, int index, const char *bytes, sqlite3_uint64 count, Destructor destroy,
       unsigned char encoding),
      (statement, index, bytes, count, destroy, encoding))
ROUTE(int, column_count, (Statement *statement), (statement))
ROUTE(const char *, column_name, (Statement *statement, int index), (statement, index))
ROUTE(int, column_type, (Statement *statement, int index), (statement, index))
ROUTE(sqlite3_int64, column_int64, (Statement *statement, int index), (statement, index))
ROUTE(double, column_double, (Statement *statement, int index), (statement, index))
ROUTE(const unsigned char *, column_text, (Statement *statement, int index), (statement, index))
ROUTE(const void *, column_blob, (Statement *statement, int index), (statement, index))
ROUTE(int, column_bytes, (Statement *statement, int index), (statement, index))

// Values and results
ROUTE(int, value_type, (Value *value), (value))
ROUTE(sqlite3_int64, value_int64, (Value *value), (value))
ROUTE(double, value_double, (Value *value), (value))
ROUTE(const unsigned char *, value_text, (Value *value), (value))
ROUTE(const void *, value_blob, (Value *value), (value))
ROUTE(int, value_bytes, (Value *value), (value))
ROUTE(void *, user_data, (Context *context), (context))
ROUTE(void *, get_auxdata, (Context *context, int index), (context, index))
ROUTE(void, set_auxdata, (Context *context, int index, void *object, Destructor destroy),
      (context, index, object, destroy))
ROUTE(void, result_null, (Context *context), (context))
ROUTE(void, result_int, (Context *context, int value), (context, value))
ROUTE(void, result_int64, (Context *context, sqlite3_int64 value), (context, value))
ROUTE(void, result_double, (Context *context, double value), (context, value))
ROUTE(void, result_blob64,
      (Context *context, const void *bytes, sqlite3_uint64 count, Destructor destroy),
      (context, bytes, count, destroy))
ROUTE(void, result_text64,
      (Context *context, const char *bytes, sqlite3_uint64 count, Destructor destroy,
       unsigned char encoding),
      (context, bytes, count, destroy, encoding))
ROUTE(void, result_error, (Context *context, const char *message, int count),
      (context, message, count))
ROUTE(void, result_error_code, (Context *context, int code), (context, code))

// Virtual tables
ROUTE(int, declare_vtab, (DB *db, const char *sql), (db, sql))
ROUTE(const char *, vtab_collation, (sqlite3_index_info *info, int index), (info, index))
ROUTE(int, vtab_distinct, (sqlite3_index_info *info), (info))
ROUTE(int, vtab_in, (sqlite3_index_info *info, int index, int handle), (info, index, handle))
ROUTE(int, vtab_in_first, (Value *list, Value **value), (list, value))
ROUTE(int, vtab_in_next, (Value *list, Value **value), (list, value))
ROUTE(int, vtab_rhs_value, (sqlite3_index_info *info, int index, Value **value),
      (info, index, value))

// Memory and text
ROUTE(void *, malloc64, (sqlite3_uint64 count), (count))
ROUTE(void, free, (void *memory), (memory))
ROUTE(int, stricmp, (const char *one, const char *other), (one, other))

/// The name that SQLite derives from `liblogbook.so`.
int sqlite3_logbook_init(sqlite3 *db, char **message, const sqlite3_api_routines *api) {
  // `vtab_in` and its like came with it; an older program's table ends before them.
  if (api->libversion_number() < 3038000) {
    *message = api->mprintf(
        "logbook needs SQLite 3.38 or newer, and this program has %s", api->libversion());
    return SQLITE_ERROR;
  }
  routines = api;
  return logbook_load(db, message);
}
