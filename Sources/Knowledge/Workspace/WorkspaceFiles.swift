import Foundation

/// The files of a workspace's folder, read within bounds.
struct WorkspaceFiles {
    private let folder: URL
    private let faults: FaultList

    init(folder: String, faults: FaultList) {
        self.folder = URL(fileURLWithPath: folder, isDirectory: true)
        self.faults = faults
    }

    /// `refund` of `intents/refund.yaml`.
    static func stem(of file: String) -> String {
        let name = file.split(separator: "/").last ?? ""
        return String(name.split(separator: ".", omittingEmptySubsequences: false).first ?? "")
    }

    var exists: Bool {
        (try? folder.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
    }

    func has(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path)
    }

    /// Paths inside the workspace of a folder's files with an ending, in alphabetical order.
    func names(in subfolder: String, ending: String) -> [String] {
        let path = folder.appendingPathComponent(subfolder).path
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }
                .sorted().map { "\(subfolder)/\($0)" }
        } catch {
            faults.add(.unreadable(error.localizedDescription), file: subfolder)
            return []
        }
    }

    /// A file's text; nil, with a fault, when it is too large or not UTF-8.
    func text(_ file: String, limit: Int) -> String? {
        do {
            let handle = try FileHandle(forReadingFrom: folder.appendingPathComponent(file))
            defer { try? handle.close() }
            let data = try handle.read(upToCount: limit + 1) ?? Data()
            guard data.count <= limit else {
                faults.add(.tooLarge(limit: limit), file: file)
                return nil
            }
            guard let text = String(validating: data, as: UTF8.self) else {
                faults.add(.notUTF8, file: file)
                return nil
            }
            return text
        } catch {
            faults.add(.unreadable(error.localizedDescription), file: file)
            return nil
        }
    }
}
