import CMarkdown
import Model

/// Turns Markdown into blocks that are safe to show, by walking the tree that cmark-gfm builds.
///
/// Raw HTML is shown as the text it is, links that ``SafeURL`` refuses lose their address and keep
/// their words, and tables become lists. Any thread; about 10 µs for a chat answer.
package enum MarkdownRenderer {
    /// What is rendered of a text at most, in bytes of UTF-8; the rest is dropped.
    package static let maximumLength = 64 * 1024
    /// Quotes and lists nested deeper than this are dropped.
    package static let maximumDepth = 12
    /// Pieces of a text at most, blocks and runs together; the rest is dropped.
    package static let maximumCount = 4000

    package static func blocks(_ markdown: String) -> [Block] {
        blocks(markdown, slots: [])
    }

    /// Renders Markdown in which ``SlotText`` stands for values that must not be read as Markdown.
    static func blocks(_ markdown: String, slots: [String]) -> [Block] {
        registerExtensions
        let parser = cmark_parser_new(CMARK_OPT_DEFAULT)
        defer { cmark_parser_free(parser) }
        if let table = cmark_find_syntax_extension("table") {
            cmark_parser_attach_syntax_extension(parser, table)
        }
        var text = bounded(markdown)
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                cmark_parser_feed(parser, characters.baseAddress, characters.count)
            }
        }
        guard let document = cmark_parser_finish(parser) else { return [] }
        defer { cmark_node_free(document) }
        var tree = MarkdownTree(slots: slots)
        return tree.blocks(in: document, depth: 0)
    }

    /// cmark keeps its extensions in a list without a lock: filled once, before the first parser.
    private static let registerExtensions: Void = cmark_gfm_core_extensions_ensure_registered()

    private static func bounded(_ markdown: String) -> String {
        guard markdown.utf8.count > maximumLength else { return markdown }
        return String(decoding: markdown.utf8.prefix(maximumLength), as: UTF8.self)
    }
}
