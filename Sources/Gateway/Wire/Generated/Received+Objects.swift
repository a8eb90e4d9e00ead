// Generated from Wire/types.json by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Received {
    /// Up to where a client has seen a conversation.
    package struct ResumePoint: WireObject {
        /// The conversation.
        package var c: String
        /// The last event it has.
        package var s: Int

        package init(c: String, s: Int) {
            self.c = c
            self.s = s
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            c = try fields.required("c").string(.id)
            s = try fields.required("s").int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("c", c)
            json.member("s", s)
        }
    }
}
