"""An older, large workspace is migrated: with progress, and whatever ends it in between."""

import sqlite3
from contextlib import closing

from crash_run import INTENTS
from peers import Customer, Server, new_cid
from watching import is_ready

EVENTS = 300_000
COPYING, MIGRATING = "Copying the workspace", "Migrating the workspace"
# What the first schema had.
FIRST = {
    "meta", "events", "conversations", "obligations", "contacts", "visitors", "sites",
    "identity_keys", "agents", "console_sessions", "articles", "canned", "intents"}


def make_old(path):
    """Takes a workspace back to the first schema, and makes it large."""
    with closing(sqlite3.connect(path)) as database, database:
        tables = {name for name, in database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")}
        for name in tables - FIRST - {"grdb_migrations"}:
            database.execute(f"DROP TABLE {name}")
        database.execute("DROP INDEX contacts_email")
        database.execute("CREATE UNIQUE INDEX events_place ON events (conversation, seq)")
        database.execute("DELETE FROM grdb_migrations WHERE identifier <> '1'")
        last, = database.execute("SELECT max(position) FROM events").fetchone()
        database.execute(
            """
            WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ?)
            INSERT INTO events SELECT ? + n, 1000000 + n % 5000, n, n - 1, kind, payload
            FROM more, (SELECT kind, payload FROM events WHERE kind = 'message' LIMIT 1)
            """, (EVENTS, last))


def look(path, query):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchone()[0]


async def test_a_migration_that_is_killed_or_told_to_end_goes_on_at_the_next_start():
    server = Server()
    try:
        server.set_up(INTENTS)
        server.start()
        customer = Customer(server)
        await customer.open()
        c = (await customer.say("Where is my parcel?"))["c"]
        await customer.message_of("bot", c)
        before = len(await customer.history(c))
        await customer.close()
        assert server.stop() == 0
        path = server.folder / "maitred.sqlite"
        make_old(path)
        everything = look(path, "SELECT count(*) FROM events")

        for words in (COPYING, MIGRATING):
            server.start_until(words)
            server.kill()
            server.start_until(words)
            assert server.stop() == 0, server.log()
        assert look(path, "SELECT count(*) FROM events") == everything
        assert look(path, "SELECT count(*) FROM grdb_migrations") == 1

        server.start()
        assert await is_ready(server)
        log = server.log()
        assert "percent=" in log and "step=2 of" in log, log
        # The copy is of the file as it was, and none was left half made.
        copy, = server.folder.glob("maitred.sqlite.before-*")
        assert look(copy, "SELECT count(*) FROM grdb_migrations") == 1
        assert look(copy, "SELECT count(*) FROM events") == everything
        assert look(path, "SELECT count(*) FROM places") == everything
        await customer.open()
        assert len(await customer.history(c)) == before
        await customer.do("msg.send", {"cid": new_cid(), "text": "And now?"}, c)
        await customer.close()
    finally:
        server.close()
