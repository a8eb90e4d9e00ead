import Model

/// Takes out of a text what would name a person: nobody's data becomes an example.
///
/// Addresses, links and long numbers are replaced by a word for what stood there, and so are the words
/// of the contact's own name. What is left is what the turn is about.
package struct Scrubber: Sendable {
    /// Parts of a name shorter than this are words as well.
    private static let shortestName = 3
    private static let longest = 4000

    private let names: Set<String>

    package init(_ contact: Contact?) {
        let words = [contact?.name, contact?.email?.split(separator: "@").first.map(String.init)]
            .compactMap { $0?.lowercased() }
            .flatMap { $0.split { !$0.isLetter } }
        names = Set(words.map(String.init).filter { $0.count >= Self.shortestName })
    }

    package func scrub(_ text: String) -> String {
        // What is beyond is not read either.
        var text = String(text.prefix(Self.longest))
        text.replace(#/https?:\/\/\S+|www\.\S+/#, with: "link")
        if text.contains("@") {
            text.replace(
                #/[^\s@<>(),;:]{1,64}@[^\s@<>(),;:]{1,190}\.[A-Za-z]{2,24}/#,
                with: "email"
            )
        }
        // IBANs, then anything with five digits or more, however it is grouped.
        text.replace(
            #/\b[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?\b/#,
            with: "number"
        )
        text.replace(#/\+?[0-9](?:[ \-.\/()]{0,2}[0-9]){4,}/#, with: "number")
        guard !names.isEmpty else { return text }
        return text.replacing(#/\p{L}+/#) { word in
            names.contains(word.output.lowercased()) ? "name" : String(word.output)
        }
    }
}
