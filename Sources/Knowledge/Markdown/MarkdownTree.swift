import CMarkdown
import Foundation
import Model

/// A walk over cmark's tree that yields blocks, within limits.
struct MarkdownTree {
    /// A `cmark_node *` of the document, which its maker frees.
    typealias Node = OpaquePointer

    private let slots: [String]
    private var remaining = MarkdownRenderer.maximumCount

    init(slots: [String]) { self.slots = slots }

    mutating func blocks(in parent: Node, depth: Int) -> [Block] {
        guard depth <= MarkdownRenderer.maximumDepth else { return [] }
        var blocks: [Block] = []
        for node in children(of: parent) where takeOne() {
            blocks += self.blocks(of: node, depth: depth)
        }
        return blocks
    }

    private mutating func blocks(of node: Node, depth: Int) -> [Block] {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_PARAGRAPH: return paragraphs(node, depth: depth)
        case CMARK_NODE_HEADING:
            let level = min(Int(cmark_node_get_heading_level(node)), 4)
            return [.heading(level: level, inline(in: node, depth: depth + 1))]
        case CMARK_NODE_BLOCK_QUOTE: return [.quote(blocks(in: node, depth: depth + 1))]
        case CMARK_NODE_LIST: return [list(node, depth: depth)]
        case CMARK_NODE_CODE_BLOCK:
            let language = text(cmark_node_get_fence_info(node)).split(separator: " ").first
            return [.code(language: language.map(String.init), text: literal(node))]
        case CMARK_NODE_HTML_BLOCK:
            let html = literal(node).trimmingCharacters(in: .whitespacesAndNewlines)
            return [.paragraph([.text(html)])]
        case CMARK_NODE_THEMATIC_BREAK: return [.rule]
        default:
            let kind = String(cString: cmark_node_get_type_string(node))
            return kind == "table"
                ? [table(node, depth: depth)] : blocks(in: node, depth: depth + 1)
        }
    }

    private mutating func list(_ node: Node, depth: Int) -> Block {
        var items: [[Block]] = []
        for item in children(of: node) where takeOne() {
            items.append(blocks(in: item, depth: depth + 1))
        }
        return .list(ordered: cmark_node_get_list_type(node) == CMARK_ORDERED_LIST, items: items)
    }

    /// A link with a title that is a paragraph by itself: `[Plans](/plans "What each costs")`.
    private mutating func linkCard(_ paragraph: Node, depth: Int) -> Block? {
        guard let link = cmark_node_first_child(paragraph), cmark_node_next(link) == nil,
            cmark_node_get_type(link) == CMARK_NODE_LINK
        else { return nil }
        let title = text(cmark_node_get_title(link))
        let url = address(of: link)
        guard !title.isEmpty, SafeURL.allows(url), takeOne() else { return nil }
        let label = inline(in: link, depth: depth + 1).plainText
        return .linkCard(url: url, title: label, text: title)
    }

    /// A paragraph; images in it stand on their own between its halves.
    private mutating func paragraphs(_ node: Node, depth: Int) -> [Block] {
        if let card = linkCard(node, depth: depth) { return [card] }
        var blocks: [Block] = []
        var run: [Inline] = []
        func close(_ run: inout [Inline], _ blocks: inout [Block]) {
            let trimmed = Self.merged(run)
            if !trimmed.isEmpty { blocks.append(.paragraph(trimmed)) }
            run = []
        }
        for child in children(of: node) where takeOne() {
            if cmark_node_get_type(child) == CMARK_NODE_IMAGE,
                let image = image(child, depth: depth)
            {
                close(&run, &blocks)
                blocks.append(image)
            } else {
                run += inline(of: child, depth: depth + 1)
            }
        }
        close(&run, &blocks)
        return blocks
    }

    private mutating func image(_ node: Node, depth: Int) -> Block? {
        let url = address(of: node)
        guard SafeURL.allows(url), !url.lowercased().hasPrefix("mailto:") else { return nil }
        return .image(url: url, alt: inline(in: node, depth: depth + 1).plainText)
    }
}

// MARK: - Runs of text

extension MarkdownTree {
    private mutating func inline(in parent: Node, depth: Int) -> [Inline] {
        guard depth <= MarkdownRenderer.maximumDepth * 2 else { return [] }
        var runs: [Inline] = []
        for node in children(of: parent) where takeOne() { runs += inline(of: node, depth: depth) }
        return Self.merged(runs)
    }

    private mutating func inline(of node: Node, depth: Int) -> [Inline] {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_TEXT, CMARK_NODE_HTML_INLINE: return [.text(literal(node))]
        case CMARK_NODE_SOFTBREAK: return [.text(" ")]
        case CMARK_NODE_LINEBREAK: return [.lineBreak]
        case CMARK_NODE_CODE: return [.code(literal(node))]
        case CMARK_NODE_STRONG: return [.strong(inline(in: node, depth: depth + 1))]
        case CMARK_NODE_EMPH: return [.emphasis(inline(in: node, depth: depth + 1))]
        case CMARK_NODE_LINK:
            let label = inline(in: node, depth: depth + 1)
            let url = address(of: node)
            return SafeURL.allows(url) ? [.link(url: url, label)] : label
        default: return inline(in: node, depth: depth + 1)
        }
    }

    /// Neighbouring texts as one, without empty ones.
    private static func merged(_ runs: [Inline]) -> [Inline] {
        var merged: [Inline] = []
        for run in runs {
            guard case .text(let text) = run else {
                merged.append(run)
                continue
            }
            if text.isEmpty { continue }
            if case .text(let before)? = merged.last {
                merged[merged.count - 1] = .text(before + text)
            } else {
                merged.append(run)
            }
        }
        return merged
    }
}

// MARK: - Tables

extension MarkdownTree {
    /// A table as a list: a row's first cell in bold, then the others under their headings' names.
    private mutating func table(_ node: Node, depth: Int) -> Block {
        var headings: [String] = []
        var items: [[Block]] = []
        for row in children(of: node) where takeOne() {
            var cells: [[Inline]] = []
            for cell in children(of: row) where takeOne() {
                cells.append(inline(in: cell, depth: depth + 1))
            }
            if headings.isEmpty, items.isEmpty,
                cmark_gfm_extensions_get_table_row_is_header(row) != 0
            {
                headings = cells.map(\.plainText)
            } else {
                items.append([.paragraph(Self.line(cells, headings: headings))])
            }
        }
        if items.isEmpty, !headings.isEmpty {
            items = [[.paragraph([.text(headings.joined(separator: ", "))])]]
        }
        return .list(ordered: false, items: items)
    }

    private static func line(_ cells: [[Inline]], headings: [String]) -> [Inline] {
        guard let first = cells.first else { return [] }
        var runs: [Inline] = first.isEmpty ? [] : [.strong(first)]
        for (column, cell) in cells.enumerated().dropFirst() where !cell.isEmpty {
            let heading = cells.count > 2 && column < headings.count ? headings[column] : ""
            let lead = runs.isEmpty ? "" : column == 1 ? ": " : "; "
            runs.append(.text(heading.isEmpty ? lead : "\(lead)\(heading) "))
            runs += cell
        }
        return merged(runs)
    }
}

// MARK: - cmark's side

extension MarkdownTree {
    private func children(of node: Node) -> [Node] {
        var children: [Node] = []
        var next: Node? = cmark_node_first_child(node)
        while let child = next {
            children.append(child)
            next = cmark_node_next(child)
        }
        return children
    }

    private mutating func takeOne() -> Bool {
        remaining -= 1
        return remaining >= 0
    }

    /// cmark owns the characters until the document is freed.
    private func text(_ characters: UnsafePointer<CChar>?) -> String {
        characters.map { String(cString: $0) } ?? ""
    }

    private func literal(_ node: Node) -> String {
        SlotText.filled(text(cmark_node_get_literal(node)), with: slots)
    }

    private func address(of node: Node) -> String {
        SlotText.filled(text(cmark_node_get_url(node)), with: slots) { value in
            value.addingPercentEncoding(withAllowedCharacters: Self.inAddresses) ?? ""
        }
    }

    /// No dot, slash or colon: a value is one piece of a path and never another host or scheme.
    private static let inAddresses = CharacterSet.alphanumerics.union(
        CharacterSet(charactersIn: "-_~")
    )
}
