// What SQLite does with `CSQLiteWrites` beneath it when things go wrong.
//
//   combined_writes full FILE    More pages are changed than SQLite keeps, so some are gathered for the log
//                                before the commit. A statement that can be taken back by itself reads one
//                                of them while the disk takes nothing; then it takes everything again, and
//                                the transaction is committed.
//   combined_writes large FILE   A statement changes more than its journal keeps in memory, and fails.
//   combined_writes part FILE    A part of the log is brought back, and the sync of the database fails.
//
// Prints what came of it, a line each.

#include <CSQLiteWrites.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_full, is_to_fail;

static int database_syncs, database_pages;

static bool is_called(int file, const char *end) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path), wanted = (ssize_t)strlen(end);
    return length > wanted && memcmp(path + length - wanted, end, (size_t)wanted) == 0;
}

static ssize_t full_write(int file, const void *bytes, size_t count, off_t offset) {
    database_pages += is_called(file, ".sqlite");
    if (!is_full) return pwrite(file, bytes, count, offset);
    errno = ENOSPC;
    return -1;
}

// SQLite's library finds this one first.
int fdatasync(int file) {
    database_syncs += is_called(file, ".sqlite");
    if (is_to_fail && is_called(file, ".sqlite")) {
        errno = EIO;
        return -1;
    }
    return fsync(file);
}

static int run(sqlite3 *db, const char *name, const char *sql) {
    int result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    if (name != NULL) printf("%s %s\n", name, sqlite3_errstr(result));
    return result;
}

static int print_row(void *name, int count, char **values, char **names) {
    (void)count, (void)names;
    printf("%s %s\n", (const char *)name, values[0]);
    return 0;
}

static sqlite3 *connect(const char *path) {
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK) exit(2);
    if (run(db, NULL, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL") != SQLITE_OK) exit(2);
    return db;
}

/// A table of so many pages, whose changes are combined.
static sqlite3 *fill(const char *path, int pages) {
    sqlite3 *db = connect(path);
    char *sql = sqlite3_mprintf(
        "CREATE TABLE pages (number INTEGER PRIMARY KEY, body TEXT NOT NULL, twin INTEGER UNIQUE);"
        "CREATE TABLE copies (number INTEGER UNIQUE, length INTEGER);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
        "INSERT INTO pages SELECT i, printf('%%.3900c', 'o'), i FROM n;"
        "PRAGMA cache_size = 10",
        pages);
    if (run(db, NULL, sql) != SQLITE_OK) exit(2);
    sqlite3_free(sql);
    if (csqlitewrites_combine(db) != SQLITE_OK) exit(2);
    return db;
}

static void disk_is_full(const char *path) {
    sqlite3 *db = fill(path, 100);
    run(db, "change", "BEGIN; UPDATE pages SET body = 'new' || body");
    is_full = true;
    run(db, "statement", "INSERT INTO copies SELECT number, length(body) FROM pages");
    is_full = false;
    printf("transaction %s\n", sqlite3_get_autocommit(db) ? "over" : "open");
    run(db, "commit", "COMMIT");
    sqlite3_close(db);
}

static void statement_is_large(const char *path) {
    sqlite3 *db = fill(path, 3000);
    run(db, "change", "BEGIN; UPDATE pages SET body = 'old' || body WHERE number = 1");
    run(db, "statement", "UPDATE pages SET body = 'new' || body, twin = min(twin + 10000, 12999)");
    printf("transaction %s\n", sqlite3_get_autocommit(db) ? "over" : "open");
    run(db, "commit", "COMMIT");
    sqlite3_close(db);
}

static void bring_back(sqlite3 *db, const char *name) {
    int pages = 0, back = 0;
    database_syncs = database_pages = 0;
    if (sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &back) != SQLITE_OK)
        exit(2);
    printf("%s %s, %s pages, %d syncs\n", name, back == pages ? "complete" : "not complete",
           database_pages > 90 ? "most" : "few", database_syncs);
}

static void part_is_brought_back(const char *path) {
    sqlite3 *writer = fill(path, 100);
    sqlite3 *reader = connect(path);
    run(reader, NULL, "BEGIN; SELECT count(*) FROM pages");
    run(writer, "change", "UPDATE pages SET body = 'o' WHERE number = 1");
    bring_back(writer, "part");
    run(reader, NULL, "COMMIT");
    bring_back(writer, "rest");

    run(writer, "change", "UPDATE pages SET body = 'old' || body");
    run(reader, NULL, "BEGIN; SELECT count(*) FROM pages");
    run(writer, "change", "UPDATE pages SET body = 'o' WHERE number = 2");
    bring_back(writer, "unsynced");
    run(reader, NULL, "COMMIT");
    is_to_fail = true;
    int failed = sqlite3_wal_checkpoint_v2(writer, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    printf("sync %s\n", sqlite3_errstr(failed));
    is_to_fail = false;
    printf("copies %s\n", sqlite3_errstr(csqlitewrites_copy_again(writer)));
    bring_back(writer, "again");
    sqlite3_close(reader);
    sqlite3_close(writer);
}

int main(int count, char **arguments) {
    if (count != 3 || csqlitewrites_prepare() != SQLITE_OK) return 2;
    // Both names: which one SQLite was built with differs.
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)full_write);
    vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)full_write);

    const char *path = arguments[2];
    if (strcmp(arguments[1], "full") == 0) disk_is_full(path);
    else if (strcmp(arguments[1], "large") == 0) statement_is_large(path);
    else part_is_brought_back(path);

    sqlite3 *db = connect(path);
    sqlite3_exec(db, "PRAGMA integrity_check", print_row, "integrity", NULL);
    sqlite3_exec(db, "SELECT count(*) FROM pages WHERE body LIKE 'o%'", print_row, "old", NULL);
    sqlite3_close(db);
    return 0;
}
