"""host.py DATABASE EXTENSION QUERY: Python's sqlite3 with the extension loaded."""

import os
import sqlite3
import sys

path, extension, query = sys.argv[1:]
db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
db.enable_load_extension(True)
try:
    # The entry point can be named from Python 3.12 on.
    db.execute("SELECT load_extension(?, 'sqlite3_logbook_init')", [extension])
    for row in db.execute(query):
        print("|".join("" if value is None else str(value) for value in row))
except sqlite3.Error as error:
    sys.exit(f"Error: {error}")
db.close()
left = [os.readlink(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{name}")]
if os.path.realpath(path) in left:
    sys.exit("the connection did not close")
