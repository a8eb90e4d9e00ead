// Generated from Wire/types.json by tools/generate-messages.py; edit that instead.

extension TextBounds {
    /// An identifier.
    ///
    /// Ours are TypeIDs: a prefix that names the kind and 26 characters, such as
    /// `cnv_01kajqz5m8e6tr4v9s2w7n0b3d`. Clients compare them and nothing else.
    package static let id = TextBounds(1...64)
    /// The client's own identifier of what it sends, unique for its author; a UUID is meant.
    ///
    /// A repeat gets the first `ack` again.
    package static let cid = TextBounds(8...64, form: .only(ASCIISet("A-Za-z0-9-")))
    /// What somebody wrote: plain text.
    package static let text = TextBounds(1...8000, over: .tooLarge)
    /// What somebody wrote: plain text, which may be empty beside files.
    package static let words = TextBounds(0...8000, over: .tooLarge)
    /// A short plain text.
    package static let sentence = TextBounds(1...2000)
    /// A name or title.
    package static let label = TextBounds(1...200)
    /// The path of a page, without query and fragment.
    package static let path = TextBounds(0...2048)
    /// A credential, to be handed back as it was received.
    package static let token = TextBounds(1...4096)
    /// A random word made when the data was created or restored.
    package static let epoch = TextBounds(1...64)
    /// A BCP 47 language tag.
    package static let language = TextBounds(1...35)
    /// A word agents sort conversations by.
    ///
    /// `intent:` and an intent's name (or `none`) says what the customer meant: the assistant
    /// learns from it.
    package static let tag = TextBounds(1...100)
    /// A moment in UTC, such as `2026-11-21T09:30:00.125Z`; milliseconds may be left out by
    /// clients.
    package static let time = TextBounds(0...40, form: .time)
    /// An e-mail address.
    package static let email = TextBounds(3...254, form: .email)
}
