// Generated from Wire/Messages by tools/generate-messages.py; edit that instead.

import JSONCoding

extension Received {
    /// Moves the mark up to which somebody has read.
    package struct Read: WireObject {
        /// The last event read.
        package var upto: Int

        package init(upto: Int) {
            self.upto = upto
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            upto = try fields.required("upto").int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("upto", upto)
        }
    }

    /// Asks for the events after one.
    package struct Sync: WireObject {
        /// The last event the client has.
        package var after: Int

        package init(after: Int) {
            self.after = after
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            after = try fields.required("after").int(0...9_007_199_254_740_991)
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("after", after)
        }
    }

    /// Says that somebody began or stopped typing.
    package struct Typing: WireObject {
        package var on: Bool

        package init(on: Bool) {
            self.on = on
        }

        package init(_ fields: FieldReader) throws(WireFault) {
            on = try fields.required("on").bool()
        }

        package func writeMembers(into json: inout JSONWriter) {
            json.member("on", on)
        }
    }
}
