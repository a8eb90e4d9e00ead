import Desk
import Foundation
import GRDB
import Logging
import Model
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

extension Store {
    /// How long an upload waits for its message, and what a crash left behind for the sweep.
    package static let unsentLife: Duration = .seconds(3600)

    /// Removes what was uploaded and not sent within an hour, and files that nothing knows of.
    ///
    /// First the row goes, then the file: a message sent meanwhile has either the row or a refusal.
    /// `isStart`: nothing is on its way, so whatever looks like it was cut by the last end.
    package func sweepFiles(at now: Timestamp, isStart: Bool = false) async {
        let limit = now + .seconds(-Self.unsentLife.components.seconds)
        do throws(LogFailure) {
            for (id, size) in try await forgetUnsent(before: limit) {
                files.total.subtract(size, ordering: .relaxed)
                await files.remove([id])
            }
            let found = await files.leftovers(before: limit, withDrafts: isStart)
            let known = try await known(among: found)
            await files.remove(found.filter { !known.contains($0) })
        } catch {
            logger.debug("Sweeping files waits", metadata: ["reason": "\(error)"])
        }
    }

    private func forgetUnsent(
        before limit: Timestamp
    ) async throws(LogFailure) -> [(String, Int)] {
        try await write { db in
            try Row.fetchAll(
                db,
                sql: """
                    DELETE FROM files WHERE conversation IS NULL AND created < ?
                    RETURNING id, size
                    """,
                arguments: [limit.milliseconds]
            ).map { ($0[0], $0[1]) }
        }
    }

    private func known(among names: [String]) async throws(LogFailure) -> Set<String> {
        if names.isEmpty { return [] }
        return try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT id FROM files WHERE id = ?")
            return Set(try names.compactMap { try String.fetchOne(statement, arguments: [$0]) })
        }
    }
}

extension FileFolder {
    /// Names in the folder that were last written before a time, and all drafts if asked.
    fileprivate func leftovers(before limit: Timestamp, withDrafts: Bool) async -> [String] {
        await onDisk { [path] in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return names.filter { name in
                if withDrafts, name.hasSuffix(Self.draft) { return true }
                var state = stat()
                guard lstat("\(path)/\(name)", &state) == 0, state.st_mode & S_IFMT == S_IFREG
                else {
                    return false
                }
                return Int64(state.st_mtim.tv_sec) * 1000 < limit.milliseconds
            }
        }
    }

    fileprivate func remove(_ names: [String]) async {
        if names.isEmpty { return }
        await onDisk { [path] in
            for name in names { unlink("\(path)/\(name)") }
        }
    }
}
