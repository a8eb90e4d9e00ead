extension JSON {
    /// This value as compact JSON text in UTF-8.
    ///
    /// Members keep their order.
    package func bytes() -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.value(self)
        return writer.bytes
    }

    /// This value as compact JSON text.
    package var text: String { String(decoding: bytes(), as: UTF8.self) }
}

extension JSON: CustomStringConvertible {
    package var description: String { text }
}
