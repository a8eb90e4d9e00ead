package import HTTPTypes

/// What went wrong with a request, as RFC 9457 writes it.
///
///     throw Problem(.notFound, "no such conversation", code: "not_found")
package struct Problem: Error, Sendable, Hashable {
    /// A further member of the document.
    package enum Value: Sendable, Hashable {
        case string(String)
        case int(Int)
        case bool(Bool)
        case texts([String])
    }

    /// One further member; several keep their order.
    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: Value

        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// A URI naming the kind of problem; `about:blank` means the status says it all.
    package var type: String
    package var title: String
    package var status: HTTPResponse.Status
    /// What is particular to this occurrence, for people.
    package var detail: String?
    /// What programs act on; nil leaves the member out.
    package var code: String?
    package var members: [Member]

    package init(
        _ status: HTTPResponse.Status,
        _ detail: String? = nil,
        code: String? = nil,
        title: String? = nil,
        type: String = "about:blank",
        members: [Member] = []
    ) {
        self.type = type
        self.title = title ?? status.reasonPhrase
        self.status = status
        self.detail = detail
        self.code = code
        self.members = members
    }

    /// The document as a response, never cached.
    package var response: Response {
        Response(
            status: status,
            headers: [.contentType: "application/problem+json", .cacheControl: "no-store"],
            body: document
        )
    }

    private var document: [UInt8] {
        var all = [
            Member("type", .string(type)), Member("title", .string(title)),
            Member("status", .int(status.code)),
        ]
        if let detail { all.append(Member("detail", .string(detail))) }
        if let code { all.append(Member("code", .string(code))) }
        let parts = (all + members).map { member in
            "\(Self.quoted(member.name)):\(Self.text(of: member.value))"
        }
        return Array("{\(parts.joined(separator: ","))}".utf8)
    }

    private static func text(of value: Value) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .int(let number): String(number)
        case .bool(let flag): flag ? "true" : "false"
        case .texts(let texts): "[\(texts.map(quoted).joined(separator: ","))]"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case ..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
