#pragma once

struct sqlite3;

/// Written in Swift: makes the table `log` and the functions known to a connection.
///
/// Returns a result code of SQLite; `message`, if set, is memory that SQLite frees.
int logbook_load(struct sqlite3 *database, char **message);
