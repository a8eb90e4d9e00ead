// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// An issue as far as it is shown and compared.
struct LinearIssue: Codable, Sendable {
    let id: String
    /// As people call it: `ENG-12`.
    let identifier: String
    let title: String
    let url: String
    /// ISO 8601 in UTC, so that texts compare as times.
    let createdAt: String?
    let state: State?

    struct State: Codable, Sendable {
        let name: String
        /// `triage`, `backlog`, `unstarted`, `started`, `completed`, `canceled` or `duplicate`.
        let type: String
    }

    static let fields = "id identifier title url createdAt state { name type }"

    /// The filter for issues that somebody may still work on.
    static let isOpen: JSONValue = [
        "type": ["nin": ["completed", "canceled", "duplicate"]]
    ]
}

extension LinearIssue.State {
    /// How an issue can end.
    enum End { case fixed, cancelled, duplicate }

    /// What became of the issue; nil while it is open.
    ///
    /// Older workspaces have `Duplicate` as a state of type `canceled`.
    var end: End? {
        switch type {
        case "completed": .fixed
        case "duplicate": .duplicate
        case "canceled": name.lowercased() == "duplicate" ? .duplicate : .cancelled
        default: nil
        }
    }
}
