import Foundation
import Gateway

/// Where the parts of this program are that are not in its binary.
enum Installation {
    /// The folder of the running program, links followed.
    static var programFolder: URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    }

    /// `web-static`: where it is told, beside the program's build, or where packages put it.
    static func webStatic(_ told: String?) throws -> String {
        try folder(told, "web-static", holding: "console/index.html")
    }

    /// The folders of plugins.
    static func plugins(_ told: [String]) -> [String] {
        if !told.isEmpty { return told }
        return (try? [folder(nil, "Plugins", holding: "")]) ?? []
    }

    /// What plugins are written with: the interface and the Swift kit, in sources.
    static func kit() throws -> String {
        try folder(nil, "Sources", holding: "MaitredPluginKit")
    }

    private static func folder(_ told: String?, _ name: String, holding file: String) throws
        -> String
    {
        var places = [told].compactMap { $0 }.map { URL(fileURLWithPath: $0) }
        if told == nil {
            // .build/<platform>/release/maitred: the sources are three folders up.
            var place = programFolder
            for _ in 0..<4 {
                places.append(place.appending(path: name))
                place = place.deletingLastPathComponent()
            }
            places.append(URL(fileURLWithPath: "/usr/share/maitred").appending(path: name))
        }
        let found = places.first {
            FileManager.default.fileExists(atPath: $0.appending(path: file).path)
        }
        guard let found else {
            throw OrderFault(
                "there is no \(name) folder in \(places.map(\.path).joined(separator: ", ")); "
                    + "say where it is"
            )
        }
        return found.path
    }
}
