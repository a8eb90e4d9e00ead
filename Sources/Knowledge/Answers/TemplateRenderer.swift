import JSONCoding
import Model
import Mustache

/// A template of an answer: Mustache over facts, whose result is read as Markdown.
///
/// Facts are put in after the Markdown was read, so nothing in them can become a link, a heading or
/// any other markup. A missing fact leaves its section out; which facts must be there is said by the
/// intent's `needs`. Any thread.
package struct TemplateRenderer: Sendable {
    /// Bytes of UTF-8 of a template at most.
    package static let maximumLength = 16 * 1024

    private let text: String
    private let template: MustacheTemplate

    /// Reads a template; throws what ``TemplateCheck`` or the engine finds wrong with it.
    package init(_ text: String) throws(TemplateFault) {
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong }
        _ = try TemplateCheck(text)
        self.text = text
        do {
            template = try MustacheTemplate(string: SlotText.cleaned(text))
        } catch let error as MustacheTemplate.ParserError {
            throw .malformed("\(error.error)", line: error.context.lineNumber)
        } catch {
            throw .malformed("\(error)", line: 1)
        }
    }

    /// Renders with the facts at hand.
    package func blocks(_ facts: FactScope) -> [Block] {
        let slots = FactValue.Slots()
        let markdown = template.render(FactRoot(scope: facts, slots: slots))
        return MarkdownRenderer.blocks(markdown, slots: slots.texts)
    }
}

extension TemplateRenderer: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.text == right.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
