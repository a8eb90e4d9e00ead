import JSONCoding

extension Scene {
    /// Reads a script.
    package init(parsing text: String) throws(SceneFailure) {
        title = ""
        steps = []
        for (number, line) in Self.logicalLines(of: text) {
            if line.hasPrefix("#") {
                if title.isEmpty { title = String(line.drop { $0 == "#" || $0 == " " }) }
                continue
            }
            steps.append(try Self.step(line, at: number))
        }
    }

    /// Lines without blank ones; an indented line goes on with the one before.
    private static func logicalLines(of text: String) -> [(Int, String)] {
        var lines: [(Int, String)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let words = line.trimmingPrefix { $0 == " " }
            if words.isEmpty { continue }
            if line.first == " ", let last = lines.last, !last.1.hasPrefix("#") {
                lines[lines.count - 1].1 += " " + words
            } else {
                lines.append((index + 1, String(words)))
            }
        }
        return lines
    }

    private static func step(_ line: String, at number: Int) throws(SceneFailure) -> Step {
        if let match = line.wholeMatch(of: #/(\d+) (second|minute|hour)s? pass(?:es)?/#) {
            let unit = ["second": 1, "minute": 60, "hour": 3600][String(match.2)] ?? 1
            return Step(
                line: number,
                actor: "",
                action: .pass(seconds: (Int(match.1) ?? 0) * unit)
            )
        }
        // Everything from the first brace on is JSON.
        let brace = line.firstIndex(of: "{") ?? line.endIndex
        let words = line[..<brace].split(separator: " ").map(String.init)
        var json: JSON?
        if brace < line.endIndex {
            json = try? JSON(parsing: String(line[brace...]))
            guard json != nil else {
                throw SceneFailure(line: number, "this is not JSON: \(line[brace...])")
            }
        }
        guard let actor = words.first, let action = action(Array(words.dropFirst()), json) else {
            throw SceneFailure(line: number, "not a sentence of this language: \(line)")
        }
        return Step(line: number, actor: actor, action: action)
    }

    private static func action(_ words: [String], _ json: JSON?) -> Action? {
        let rest = words.dropFirst()
        switch words.first {
        case "is": return role(Array(rest), json)
        case "connects": return .connects(resuming: rest.first == "resuming", json ?? [:])
        case "opens": return .opensSocket
        case "disconnects": return .disconnects
        case "sends", "signals":
            guard let type = rest.first else { return nil }
            return .sends(
                type: type,
                conversation: value(of: "in", in: words),
                json ?? [:],
                isSignal: words.first == "signals"
            )
        case "receives": return rest.first.map { .receives(frame($0, words, json)) }
        case "has":
            guard words.count > 3, words[1...2] == ["not", "received"] else { return nil }
            return .hasNotReceived(frame(words[3], words, json))
        case "posts": return rest.first.map { .asks(method: "POST", path: $0, json) }
        case "fetches": return rest.first.map { .asks(method: "GET", path: $0, nil) }
        default: return nil
        }
    }

    private static func frame(
        _ type: String,
        _ words: [String],
        _ json: JSON?
    ) -> FrameExpectation {
        FrameExpectation(
            type: type,
            conversation: value(of: "in", in: words),
            sequence: value(of: "at", in: words),
            predecessor: value(of: "after", in: words),
            data: json ?? [:]
        )
    }

    private static func role(_ words: [String], _ json: JSON?) -> Action? {
        switch words.first {
        case "a" where words.last == "customer": return .isCustomer
        case "another": return value(of: "of", in: words).map(Action.isAnotherDevice)
        case "an":
            return .isAgent(
                skill: value(of: "skill", in: words),
                room: value(of: "for", in: words).flatMap(Int.init) ?? 5
            )
        case "answered":
            guard let status = words.last.flatMap({ Int($0) }) else { return nil }
            return .isAnswered(status: status, json ?? [:])
        case "disconnected":
            return value(of: "with", in: words).flatMap(Int.init).map(Action.isDisconnected)
        default: return nil
        }
    }

    private static func value(of word: String, in words: [String]) -> String? {
        guard let index = words.firstIndex(of: word), index + 1 < words.count else { return nil }
        return words[index + 1]
    }
}
