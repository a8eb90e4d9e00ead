import Foundation
import Gateway

/// Files that operators name.
enum TextFile {
    /// Reads a file, or says which one cannot be read.
    static func read(_ path: String) throws(OrderFault) -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw OrderFault("\(path) cannot be read: \(error.localizedDescription)")
        }
    }
}
