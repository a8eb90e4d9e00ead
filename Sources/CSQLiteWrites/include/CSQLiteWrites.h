// Has SQLite write the same in fewer calls to the system, and copies again what a checkpoint may have lost.
#ifndef C_SQLITE_WRITES_H
#define C_SQLITE_WRITES_H

#include <sqlite3.h>

/// Puts a VFS of ours before SQLite's own, for every file that this process opens from now on, for
/// `csqlitewrites_combine`; and lets a statement's journal, with which one that fails is taken back, grow to
/// 4 MB before it goes to a file of its own, which is made and removed each time. SQLite's own 64 KB are
/// 15 pages. Every statement that needs a journal allocates those 4 MB while it runs, of which the system
/// gives what is used.
///
/// Before the first connection; again it does nothing. Returns a result code of SQLite's.
///
/// Thread: any.
int csqlitewrites_prepare(void);

/// Has a connection's write-ahead log gather what it is to write, up to 127 KB, and hand it over in one
/// piece before anything syncs, reads, measures or shortens the log: one call for 31 pages, not 62.
///
/// Only for a connection that is in WAL mode, has read or written something, and keeps to
/// `synchronous=FULL`: there every commit syncs the log before another connection is shown what is in
/// it. Without that sync, others would look for pages that are not in the file yet.
///
/// What fails to be written fails whatever needed it, a sync and with it the commit, and everything else
/// that the connection asks of its log: it is to be closed, and what it had not committed is lost.
///
/// Thread: the connection's. Costs 127 KB, until the connection is closed. Returns a result
/// code of SQLite's: SQLITE_MISUSE for a log that was opened before `csqlitewrites_prepare` or does not
/// exist, SQLITE_NOMEM without memory. The log then writes as it always did.
int csqlitewrites_combine(sqlite3 *connection);

/// Has the next checkpoint copy the log from its beginning again.
///
/// After a failed sync of the database: the system takes the pages for written and writes them no more, and
/// those that SQLite counts as copied it would never copy again. Copying twice changes nothing.
///
/// Thread: the connection's, in WAL mode, which has read something and is in no transaction. Returns a result
/// code of SQLite's: SQLITE_BUSY while somebody else brings the log back.
int csqlitewrites_copy_again(sqlite3 *connection);

#endif
