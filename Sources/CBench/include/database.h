// A database for a server that brings SQLite but not the choice of its journal.
#pragma once

#include <stdbool.h>

/// Makes an empty SQLite database that keeps a write-ahead log, whoever opens it later. False when
/// it cannot be written.
bool bench_database_with_write_ahead_log(const char *path);
