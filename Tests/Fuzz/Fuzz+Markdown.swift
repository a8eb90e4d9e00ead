import Knowledge
import Model

extension Fuzz {
    /// Text of an answer or a plugin as blocks: within their bounds, every address allowed.
    @Sendable
    static func renderMarkdown(_ bytes: UnsafeRawBufferPointer) {
        let blocks = MarkdownRenderer.blocks(String(decoding: bytes, as: UTF8.self))
        var count = 0
        for block in blocks { check(block, depth: 1, &count) }
        // A text that stands alone is also the paragraph around it.
        hold(count <= MarkdownRenderer.maximumCount * 2, "\(count) pieces")
    }

    private static func check(_ block: Block, depth: Int, _ count: inout Int) {
        count += 1
        // The outermost is the first level, and a table's lines are one level below it.
        hold(depth <= MarkdownRenderer.maximumDepth + 2, "blocks \(depth) deep")
        switch block {
        case .paragraph(let runs), .heading(_, let runs): check(runs, &count)
        case .list(_, let items):
            for item in items { for block in item { check(block, depth: depth + 1, &count) } }
        case .quote(let blocks): for block in blocks { check(block, depth: depth + 1, &count) }
        case .image(let url, _), .linkCard(let url, _, _): check(address: url)
        case .code, .rule: break
        }
    }

    private static func check(_ runs: [Inline], _ count: inout Int) {
        for run in runs {
            count += 1
            switch run {
            case .strong(let runs), .emphasis(let runs): check(runs, &count)
            case .link(let url, let runs):
                check(address: url)
                check(runs, &count)
            case .text, .code, .lineBreak: break
            }
        }
    }

    private static func check(address: String) {
        hold(SafeURL.allows(address), "an address that is not safe: \(address.debugDescription)")
    }
}
