// Generated from Wire/types.json by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Received {
    /// The suggestion that a reply was made from.
    package struct UsedSuggestion: WireObject {
        /// The intent it answers.
        package var intent: String
        /// Whether it was changed before it was sent.
        package var edited: Bool?

        package init(intent: String, edited: Bool? = nil) {
            self.intent = intent
            self.edited = edited
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            intent = try fields.required("intent").string(.label)
            edited = try fields.optional("edited")?.bool()
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("intent", intent)
            json.memberIfPresent("edited", edited)
        }
    }
}
