#include "CSQLiteWrites.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

// SQLite writes a page of its log as two pieces, a header of 24 bytes and the page, and each piece costs
// the kernel about as much as several pages at once: finding the file's page, marking it, letting go.
// https://sqlite.org/vfs.html says what a VFS has to do, https://sqlite.org/fileformat2.html what a log is.

/// As much as is written at once, and gathered: 31 pages of 4 KB. SQLite's own file takes less than 128 KB
/// in one write, and calls more a full disk.
enum { capacity = 127 * 1024 };

/// As much of a statement's journal as stays in memory; it is allocated at once. What is longer goes to
/// the file in pieces of this length, which are for `write_pieces`.
enum { journal = 4 * 1024 * 1024 };

/// A log, or a statement's journal, that was opened through this VFS. SQLite's own file lies behind it, in
/// the same allocation.
struct log {
    sqlite3_file base;
    /// NULL until it is to gather.
    unsigned char *gathered;
    int count;
    /// What a write of gathered bytes has failed with, for good: SQLite believes that they are there.
    int failure;
    /// Where in the file what was gathered begins.
    sqlite3_int64 offset;
};

static struct log *log_of(sqlite3_file *file) { return (struct log *)file; }

/// SQLite's own file of a log.
static sqlite3_file *own(struct log *log) { return (sqlite3_file *)(log + 1); }

/// Writes without gathering.
static int write_pieces(struct log *log, const unsigned char *bytes, int count, sqlite3_int64 offset) {
    while (count > 0) {
        int piece = count < capacity ? count : capacity;
        int result = own(log)->pMethods->xWrite(own(log), bytes, piece, offset);
        if (result != SQLITE_OK) return result;
        bytes += piece;
        count -= piece;
        offset += piece;
    }
    return SQLITE_OK;
}

/// Writes what was gathered.
///
/// Once that has failed the file takes and gives nothing more until it is closed. What asks for it may be
/// a read in the middle of a transaction, of which SQLite then takes one statement back and goes on: it
/// would commit pages behind others that were never written.
static int hand_over(struct log *log) {
    if (log->failure != SQLITE_OK || log->count == 0) return log->failure;
    int count = log->count;
    log->count = 0;
    log->failure = own(log)->pMethods->xWrite(own(log), log->gathered, count, log->offset);
    return log->failure;
}

static int log_close(sqlite3_file *file) {
    struct log *log = log_of(file);
    // What was committed was synced. The rest was taken back, and somebody else may have written since.
    sqlite3_free(log->gathered);
    log->gathered = NULL;
    log->count = 0;
    return own(log)->pMethods->xClose(own(log));
}

static int log_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    struct log *log = log_of(file);
    int result = hand_over(log);
    if (result != SQLITE_OK) return result;
    return own(log)->pMethods->xRead(own(log), bytes, count, offset);
}

static int log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    struct log *log = log_of(file);
    bool follows = offset == log->offset + log->count && count <= capacity - log->count;
    if (log->count > 0 && !follows) hand_over(log);
    if (log->failure != SQLITE_OK) return log->failure;
    if (log->gathered == NULL || count > capacity) return write_pieces(log, bytes, count, offset);
    if (log->count == 0) log->offset = offset;
    memcpy(log->gathered + log->count, bytes, (size_t)count);
    log->count += count;
    return SQLITE_OK;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size) {
    struct log *log = log_of(file);
    int result = hand_over(log);
    if (result != SQLITE_OK) return result;
    return own(log)->pMethods->xTruncate(own(log), size);
}

static int log_sync(sqlite3_file *file, int flags) {
    struct log *log = log_of(file);
    int result = hand_over(log);
    if (result != SQLITE_OK) return result;
    return own(log)->pMethods->xSync(own(log), flags);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size) {
    struct log *log = log_of(file);
    int result = hand_over(log);
    if (result != SQLITE_OK) return result;
    return own(log)->pMethods->xFileSize(own(log), size);
}

static int log_lock(sqlite3_file *file, int level) {
    return own(log_of(file))->pMethods->xLock(own(log_of(file)), level);
}

static int log_unlock(sqlite3_file *file, int level) {
    return own(log_of(file))->pMethods->xUnlock(own(log_of(file)), level);
}

static int log_reserved(sqlite3_file *file, int *is_reserved) {
    return own(log_of(file))->pMethods->xCheckReservedLock(own(log_of(file)), is_reserved);
}

static int log_control(sqlite3_file *file, int operation, void *argument) {
    return own(log_of(file))->pMethods->xFileControl(own(log_of(file)), operation, argument);
}

static int log_sector(sqlite3_file *file) {
    return own(log_of(file))->pMethods->xSectorSize(own(log_of(file)));
}

static int log_characteristics(sqlite3_file *file) {
    return own(log_of(file))->pMethods->xDeviceCharacteristics(own(log_of(file)));
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector,
    .xDeviceCharacteristics = log_characteristics,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *result) {
    sqlite3_vfs *below = vfs->pAppData;
    if (!(flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_SUBJOURNAL))) {
        return below->xOpen(below, name, file, flags, result);
    }
    struct log *log = log_of(file);
    memset(log, 0, sizeof *log);
    int opened = below->xOpen(below, name, own(log), flags, result);
    // Without methods SQLite does not close it, as it must not when nothing was opened.
    if (own(log)->pMethods != NULL) log->base.pMethods = &log_methods;
    return opened;
}

static int preparation;

static void prepare(void) {
    static sqlite3_vfs vfs;
    // Refused once SQLite is at work, which finding a VFS begins; it is no less right without.
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, (int)journal);
    // Nobody asks how much memory SQLite has, and to count it takes a lock for each allocation of every
    // thread: the writer would wait for whoever indexes.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_vfs *below = sqlite3_vfs_find(NULL);
    preparation = SQLITE_ERROR;
    if (below == NULL) return;
    // What is not about opening is SQLite's own: it does not ask whose VFS it is called for.
    vfs = *below;
    vfs.pNext = NULL;
    vfs.zName = "maitred";
    vfs.pAppData = below;
    vfs.szOsFile = below->szOsFile + (int)sizeof(struct log);
    vfs.xOpen = vfs_open;
    preparation = sqlite3_vfs_register(&vfs, 1);
}

int csqlitewrites_prepare(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare);
    return preparation;
}

int csqlitewrites_combine(sqlite3 *connection) {
    sqlite3_file *file = NULL;
    int result =
        sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (result != SQLITE_OK) return result;
    if (file == NULL || file->pMethods != &log_methods) return SQLITE_MISUSE;
    struct log *log = log_of(file);
    if (log->gathered != NULL) return SQLITE_OK;
    log->gathered = sqlite3_malloc(capacity);
    return log->gathered != NULL ? SQLITE_OK : SQLITE_NOMEM;
}

/// Finds the file of a connection's database.
static int find_database(sqlite3 *connection, sqlite3_file **file) {
    *file = NULL;
    int result = sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, file);
    if (result != SQLITE_OK) return result;
    return *file != NULL && (*file)->pMethods != NULL ? SQLITE_OK : SQLITE_MISUSE;
}

// https://sqlite.org/walformat.html, 2.1 and 2.3: the first block of the log's index, where in it stands how
// many of the log's pages are in the database, and the lock of those who change that.
enum { index_block = 32 * 1024, pages_back = 96, checkpoint_lock = 1 };

int csqlitewrites_copy_again(sqlite3 *connection) {
    sqlite3_file *file;
    int result = find_database(connection, &file);
    if (result != SQLITE_OK) return result;
    if (file->pMethods->iVersion < 2) return SQLITE_MISUSE;
    void volatile *block = NULL;
    result = file->pMethods->xShmMap(file, 0, index_block, 0, &block);
    if (result != SQLITE_OK) return result;
    if (block == NULL) return SQLITE_MISUSE;
    int exclusive = SQLITE_SHM_EXCLUSIVE;
    result = file->pMethods->xShmLock(file, checkpoint_lock, 1, SQLITE_SHM_LOCK | exclusive);
    if (result != SQLITE_OK) return result;
    __atomic_store_n((uint32_t volatile *)((char volatile *)block + pages_back), 0, __ATOMIC_SEQ_CST);
    return file->pMethods->xShmLock(file, checkpoint_lock, 1, SQLITE_SHM_UNLOCK | exclusive);
}
