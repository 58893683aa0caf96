// Sources of SQLite.
