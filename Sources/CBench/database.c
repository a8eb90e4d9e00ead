#include "include/database.h"

#include <sqlite3.h>
#include <stddef.h>

bool bench_database_with_write_ahead_log(const char *path) {
    sqlite3 *database = NULL;
    bool good = sqlite3_open(path, &database) == SQLITE_OK &&
                sqlite3_exec(database, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_close(database);
    return good;
}
