// SPDX-License-Identifier: Apache-2.0

/// HubSpot shows the body of a note as HTML: whatever customers and agents wrote is made plain.
enum HTML {
    /// A text that cannot be mistaken for markup, its line breaks kept.
    static func plain(_ text: some StringProtocol) -> String {
        var out = ""
        for character in text {
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case "\n", "\r\n", "\r": out += "<br>"
            default: out.append(character)
            }
        }
        return out
    }

    /// An agent's own words, with their name below.
    static func signed(_ text: String, by name: String?) -> String {
        let signature = name.map { "<p>Written in maitred by \(plain($0))</p>" } ?? ""
        return "<p>\(plain(text))</p>\(signature)"
    }
}
