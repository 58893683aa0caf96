// static-host DATABASE EXTENSION QUERY
//
// A program with an SQLite of its own linked into it, which nobody outside can see.

#include <sqlite3.h>
#include <stdio.h>

static int print(void *context, int count, char **values, char **names) {
  (void)context, (void)names;
  for (int index = 0; index < count; index++)
    printf("%s%s", index ? "|" : "", values[index] ? values[index] : "");
  putchar('\n');
  return 0;
}

int main(int count, char **words) {
  sqlite3 *db;
  char *message = 0;
  if (count != 4 || sqlite3_open_v2(words[1], &db, SQLITE_OPEN_READONLY, 0)) return 2;
  sqlite3_enable_load_extension(db, 1);
  if (sqlite3_load_extension(db, words[2], "sqlite3_logbook_init", &message) ||
      sqlite3_exec(db, words[3], print, 0, &message)) {
    fprintf(stderr, "Error: %s\n", message);
    return 1;
  }
  // Refused while the extension holds a statement.
  return sqlite3_close(db);
}
