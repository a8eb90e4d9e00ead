import Foundation
import JSONCoding
import Mustache

/// A fact as the template engine sees it: rendered as a mark, its text kept aside.
struct FactValue: MustacheParent, MustacheCustomRenderable, MustacheTransformable {
    let json: JSON
    let slots: Slots

    /// The texts whose marks are in a rendered template, in the order of their numbers.
    ///
    /// Made for one rendering and used on its thread alone.
    final class Slots {
        private(set) var texts: [String] = []

        func mark(_ text: String) -> String {
            texts.append(text)
            return SlotText.mark(texts.count - 1)
        }
    }

    static func isMissing(_ json: JSON) -> Bool {
        switch json {
        case .null: true
        case .string(let text): !text.contains { !$0.isWhitespace }
        case .array(let values): values.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }

    /// What the engine takes: nil for a missing fact, so that sections about it stay out.
    static func engineValue(_ json: JSON?, _ slots: Slots) -> Any? {
        guard let json, !isMissing(json) else { return nil }
        switch json {
        case .bool(let flag): return flag
        default: return FactValue(json: json, slots: slots)
        }
    }

    func child(named name: String) -> Any? { Self.engineValue(json[name], slots) }

    var renderText: String { slots.mark(FactText.plain(json)) }

    var isNull: Bool { Self.isMissing(json) }

    func transform(_ name: String) -> Any? {
        FactText.Form(rawValue: name).map { form in
            FactValue(json: .string(FactText.formed(json, form)), slots: slots)
        }
    }
}

/// The root of a template's look-ups.
struct FactRoot: MustacheParent {
    let scope: FactScope
    let slots: FactValue.Slots

    func child(named name: String) -> Any? { FactValue.engineValue(scope.root(name), slots) }
}
