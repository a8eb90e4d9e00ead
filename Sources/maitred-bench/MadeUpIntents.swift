import Triage

/// 150 intents with examples, and messages to read, made of words.
///
/// What a reading costs depends on how many intents there are and how long the message is, not on
/// what it means: for that, `triage` takes files.
enum MadeUpIntents {
    private static let deeds = [
        "cancel", "change", "download", "find", "pay", "print", "renew", "return", "send", "share",
        "stop", "track", "undo", "upgrade", "verify",
    ]
    private static let things = [
        "account", "address", "card", "contract", "delivery", "invoice", "order", "password",
        "report", "subscription",
    ]

    static var examples: [Example] {
        written { deed, thing in
            [
                "How do I \(deed) my \(thing)?", "I want to \(deed) the \(thing)",
                "can you \(deed) a \(thing) for me please", "\(deed) \(thing)",
                "Is it possible to \(deed) my \(thing)?", "where can I \(deed) the \(thing)",
                "I need help: I must \(deed) my \(thing) today", "\(thing): how to \(deed) it?",
                "What must I do to \(deed) the \(thing)?", "please \(deed) my \(thing)",
            ]
        }
    }

    /// As the server imports them.
    static var csv: String {
        (["text,intent"] + examples.map { "\"\($0.text)\",\($0.intent ?? "")" })
            .joined(separator: "\n") + "\n"
    }

    static var messages: [Example] {
        written { deed, thing in
            [
                "Hello, since this morning I cannot \(deed) the \(thing): the page loads for a"
                    + " while and then says that something went wrong. Could you have a look?",
                "could you tell me how one can \(deed) their \(thing)",
                "I tried to \(deed) my \(thing) twice now. What am I doing wrong?",
            ]
        }
    }

    private static func written(_ sentences: (String, String) -> [String]) -> [Example] {
        deeds.flatMap { deed in
            things.flatMap { thing in
                sentences(deed, thing).map { Example(text: $0, intent: "\(deed)_\(thing)") }
            }
        }
    }
}
