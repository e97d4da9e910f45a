import sqlite3
print(sqlite3.connect(f"file:{STORE}?mode=ro&immutable=1", uri=True).execute("select * from secrets").fetchall())
answer = x
