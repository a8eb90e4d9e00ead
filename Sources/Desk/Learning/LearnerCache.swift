import Foundation
import Triage

/// Learners kept in files between starts: one after training, and others as they learn.
///
/// A file that is damaged or missing costs time only: the learner is trained again and taught again.
struct LearnerCache: Sendable {
    /// Files kept, the one after training included; each has tens of megabytes.
    private static let maximumFiles = 3

    /// Where they are; nil keeps none.
    let folder: URL?

    struct Kept {
        var learner: Learner
        /// The last entry of the book that it has taken in.
        var upTo: Int64
    }

    /// The newest that was trained to this content, and has taken in no entry after a number.
    func newest(
        of content: String,
        _ embeddings: StaticEmbeddings?,
        _ options: Learner.Options,
        notAfter limit: Int64 = .max
    ) -> Kept? {
        let files = files().filter { file in
            // Before anything is learned the share of right answers makes no difference.
            file.upTo <= limit
                && (file.content == content
                    || file.upTo == 0
                        && Self.examples(of: file.content) == Self.examples(of: content))
        }
        for file in files.sorted(by: { $0.upTo > $1.upTo }) {
            let learner = try? Learner(
                contentsOf: file.url,
                embeddings: embeddings,
                options: options
            )
            if let learner { return Kept(learner: learner, upTo: file.upTo) }
        }
        return nil
    }

    /// A learner that cannot be kept is trained again at the next start: no reason to fail this one.
    func keep(_ learner: Learner, content: String, upTo: Int64) {
        guard let folder else { return }
        let files = FileManager.default
        try? files.createDirectory(at: folder, withIntermediateDirectories: true)
        try? learner.write(to: folder.appending(path: "triage-\(content)-\(upTo).learner"))
        tidy(content)
    }

    /// Removes what has taken in an entry after a number.
    func remove(after entry: Int64) {
        for file in files() where file.upTo > entry {
            try? FileManager.default.removeItem(at: file.url)
        }
    }

    /// Of too many files those of other contents go first, then the older ones; where training ended
    /// stays.
    private func tidy(_ content: String) {
        let doomed = files().filter { $0.content != content || $0.upTo > 0 }
            .sorted { one, other in
                (one.content == content ? 1 : 0, one.upTo)
                    < (other.content == content ? 1 : 0, other.upTo)
            }
        for file in doomed.dropLast(Self.maximumFiles - 1) {
            try? FileManager.default.removeItem(at: file.url)
        }
    }

    private struct File {
        var url: URL
        var content: String
        var upTo: Int64
    }

    private func files() -> [File] {
        guard let folder else { return [] }
        let found = try? FileManager.default.contentsOfDirectory(
            at: folder,
            includingPropertiesForKeys: nil
        )
        return (found ?? []).compactMap { url in
            guard url.pathExtension == "learner" else { return nil }
            let parts = url.deletingPathExtension().lastPathComponent.split(separator: "-")
            guard parts.count == 3, let upTo = Int64(parts[2]) else { return nil }
            return File(url: url, content: String(parts[1]), upTo: upTo)
        }
    }

    /// What of a content's name stands for its examples.
    private static func examples(of content: String) -> Substring {
        content.prefix { $0 != "." }
    }

    /// A name for what a learner is made from: FNV-1a over everything that training sees, in order, and
    /// behind a dot how it goes on.
    static func fingerprint(
        _ examples: [Example],
        _ names: [String: String],
        _ options: Learner.Options
    ) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ text: String) {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        for example in examples {
            mix(example.text)
            mix(example.intent ?? "")
        }
        for (name, title) in names.sorted(by: { $0.key < $1.key }) {
            mix(name)
            mix(title)
        }
        return "\(String(hash, radix: 16)).\(Int((options.target * 1000).rounded()))"
    }
}
