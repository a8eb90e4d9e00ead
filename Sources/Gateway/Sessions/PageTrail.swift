import JSONCoding
import Model

/// The pages that a customer was on, as a conversation that begins is told of them: oldest first.
///
/// Bounded in number and size. What leaves first is the oldest; the newest always stays.
struct PageTrail {
    /// As many as a briefing shows.
    static let limit = Conversation.trailLimit
    /// Bytes of text, in all of them.
    static let byteLimit = 16 * 1024

    private(set) var pages: [PageContext] = []

    /// The page they are on.
    var newest: PageContext? { pages.last }

    /// Takes a page in by its number: one that was told late stands before those that came after it.
    ///
    /// What is only said anew of the same page takes the place of what was said before.
    mutating func add(_ page: PageContext) {
        guard let newest, newest.session == page.session else {
            pages = [page]
            return
        }
        guard !pages.contains(where: { $0.number == page.number }) else { return }
        var place = pages.firstIndex { $0.number > page.number } ?? pages.endIndex
        if place < pages.endIndex, !pages[place].isElsewhere(than: page) { return }
        if place > 0, !page.isElsewhere(than: pages[place - 1]) {
            place -= 1
            pages[place] = page
        } else {
            pages.insert(page, at: place)
        }
        shorten()
    }

    /// Forgets all but the page they are on: a conversation knows the others.
    mutating func told() { pages.removeFirst(max(0, pages.count - 1)) }

    private mutating func shorten() {
        var bytes = pages.reduce(0) { $0 + Self.weight(of: $1) }
        while pages.count > 1, pages.count > Self.limit || bytes > Self.byteLimit {
            bytes -= Self.weight(of: pages.removeFirst())
        }
    }

    /// Bytes of a page's text; its facts by the space they take as JSON.
    private static func weight(of page: PageContext) -> Int {
        let texts = [page.path, page.title, page.page, page.locale]
        return texts.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
            + (page.facts.isEmpty ? 0 : JSON.object(page.facts).bytes().count)
    }
}
