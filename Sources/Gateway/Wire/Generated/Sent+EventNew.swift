// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Sent {
    /// Something that only the team sees.
    package struct EventNew: WireObject {
        /// What happened, by `type`.
        package enum Content: Sendable, Hashable {
            /// A note of an agent.
            case note(NoteEvent)
            /// The customer went somewhere.
            case context(ContextEvent)
            /// What the triage core made of the customer's words, and why.
            case decided(DecidedEvent)
            /// An agent was asked to take the conversation.
            case offered(OfferedEvent)
            /// What became of the offer.
            case offerEnded(OfferEndedEvent)
            /// What a source knows about the customer.
            case facts(FactsEvent)
            /// The customer said whether an answer helped.
            case feedback(FeedbackEvent)
            /// The customer rated the conversation.
            case csat(CsatEvent)
            /// The customer left an address.
            case address(AddressEvent)
            /// Tags changed.
            case tagged(TaggedEvent)
            /// The customer did something in the product.
            case tracked(TrackedEvent)
            /// An action of a plugin was carried out, or refused.
            case action(ActionEvent)
            /// A workflow began, went on or came to its end.
            case workflow(WorkflowEvent)
        }

        package var at: String
        package var content: Content

        package init(at: String, _ content: Content) {
            self.at = at
            self.content = content
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            at = try fields.required("at").string(.time)
            let tag = try fields.required("type")
            switch tag.json.stringValue {
            case "note": content = .note(try NoteEvent(fields))
            case "context": content = .context(try ContextEvent(fields))
            case "decided": content = .decided(try DecidedEvent(fields))
            case "offered": content = .offered(try OfferedEvent(fields))
            case "offer.ended": content = .offerEnded(try OfferEndedEvent(fields))
            case "facts": content = .facts(try FactsEvent(fields))
            case "feedback": content = .feedback(try FeedbackEvent(fields))
            case "csat": content = .csat(try CsatEvent(fields))
            case "address": content = .address(try AddressEvent(fields))
            case "tagged": content = .tagged(try TaggedEvent(fields))
            case "tracked": content = .tracked(try TrackedEvent(fields))
            case "action": content = .action(try ActionEvent(fields))
            case "workflow": content = .workflow(try WorkflowEvent(fields))
            default: throw .field(tag.path, "is not a known kind")
            }
        }

        package func writeMembers(into json: inout JSONWriter) {
            switch content {
            case .note(let event):
                json.member("type", "note")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .context(let event):
                json.member("type", "context")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .decided(let event):
                json.member("type", "decided")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .offered(let event):
                json.member("type", "offered")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .offerEnded(let event):
                json.member("type", "offer.ended")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .facts(let event):
                json.member("type", "facts")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .feedback(let event):
                json.member("type", "feedback")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .csat(let event):
                json.member("type", "csat")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .address(let event):
                json.member("type", "address")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .tagged(let event):
                json.member("type", "tagged")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .tracked(let event):
                json.member("type", "tracked")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .action(let event):
                json.member("type", "action")
                json.member("at", at)
                event.writeMembers(into: &json)
            case .workflow(let event):
                json.member("type", "workflow")
                json.member("at", at)
                event.writeMembers(into: &json)
            }
        }
    }
}
