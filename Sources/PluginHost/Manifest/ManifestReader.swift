import JSONCoding

/// Reads a manifest member by member and collects what is wrong with it.
struct ManifestReader {
    private(set) var faults: [String] = []
    let json: JSON

    init(_ json: JSON) { self.json = json }

    /// The manifest, with placeholders where ``faults`` speak.
    mutating func manifest() -> PluginManifest {
        if json.objectValue == nil { faults.append("plugin.json is not an object") }
        let abi = integer("abi", of: json, in: 1...1_000_000, default: nil)
        if abi > PluginManifest.abi {
            let served = PluginManifest.abi
            faults.append("abi: \(abi) is newer than \(served), which this server serves")
        }
        engines()
        let config = schema(of: json["config"], path: "config")
        checkFilters()
        return PluginManifest(
            id: identifier(),
            name: text("name", limit: 100),
            version: version(),
            library: library(),
            permissions: permissions(),
            hooks: hooks(),
            actions: actions(),
            panels: panels(),
            webhooks: webhooks(),
            schedules: schedules(),
            oauth: oauthClients(),
            config: config,
            concurrency: limit("concurrency", in: 1...64, default: 4),
            memoryMegabytes: limit("memory_mb", in: 8...4096, default: 128),
            source: json
        )
    }

    // MARK: - Members

    private mutating func identifier() -> String {
        let id = text("id", limit: 100)
        let parts = id.split(separator: ".", omittingEmptySubsequences: false)
        let right = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.first != UInt8(ascii: "-")
                && part.utf8.allSatisfy {
                    (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
                }
        }
        if !id.isEmpty, parts.count < 2 || !right {
            faults.append("id: not like com.example.name, in lower case, digits and hyphens")
        }
        return id
    }

    private mutating func version() -> String {
        let version = text("version", limit: 50)
        let core = version.prefix { $0 != "-" && $0 != "+" }
        let parts = core.split(separator: ".", omittingEmptySubsequences: false)
        if !version.isEmpty, parts.count != 3 || parts.contains(where: { UInt32($0) == nil }) {
            faults.append("version: not like 1.2.3")
        }
        return version
    }

    private mutating func engines() {
        guard let range = json["engines"]?["maitred"] else { return }
        guard let text = range.stringValue, text.utf8.count <= 100 else {
            faults.append("engines.maitred: not a text")
            return
        }
        switch VersionRange(text) {
        case nil: faults.append("engines.maitred: not like \">=1.0 <2\"")
        case let range? where !range.contains(PluginHost.version):
            faults.append("engines.maitred: \(text) leaves out \(PluginHost.version), this server")
        default: break
        }
    }

    private mutating func library() -> String {
        let entry = json["entry"]
        guard let name = entry?.stringValue ?? entry?[Machine.name]?.stringValue else {
            let known = entry?.objectValue?.keys.joined(separator: ", ")
            faults.append(
                known.map { "entry: nothing for \(Machine.name), only for \($0.prefix(100))" }
                    ?? "entry: the library's file name is missing"
            )
            return ""
        }
        let right =
            name.hasSuffix(".so") && name.utf8.count <= 100 && name.utf8.count > 3
            && !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0)
        if !right { faults.append("entry: not a file name that ends in .so") }
        return name
    }

    private mutating func limit(
        _ name: String,
        in range: ClosedRange<Int>,
        default value: Int
    ) -> Int {
        integer(name, of: json["limits"] ?? .null, path: "limits.", in: range, default: value)
    }

    // MARK: - Kinds

    /// Notes a fault found elsewhere.
    mutating func note(_ fault: String) { faults.append(fault) }

    mutating func schema(of json: JSON?, path: String) -> ConfigSchema {
        var reader = SchemaReader()
        let schema = reader.schema(json, path: path)
        faults += reader.faults
        return schema
    }

    /// A name that can stand in a path: `stripe.refund`.
    mutating func slug(_ name: String, of json: JSON, path: String) -> String {
        let text = text(name, of: json, path: path, limit: 60)
        let isRight = text.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || ".-_".utf8.contains($0)
        }
        if !isRight {
            faults.append("\(path)\(name): not lower case, digits, dots, hyphens, underscores")
        }
        return text
    }

    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        of json: JSON,
        path: String,
        _ type: Word.Type
    ) -> Word? {
        if let word = json[name]?.stringValue.flatMap(Word.init(rawValue:)) { return word }
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        faults.append("\(path)\(name): not one of \(known)")
        return nil
    }

    mutating func text(
        _ name: String,
        of json: JSON? = nil,
        path: String = "",
        limit: Int
    ) -> String {
        guard let text = (json ?? self.json)[name]?.stringValue, !text.isEmpty else {
            faults.append("\(path)\(name): missing, or not a text")
            return ""
        }
        if text.utf8.count > limit { faults.append("\(path)\(name): longer than \(limit) bytes") }
        if text.unicodeScalars.contains(where: { $0.value < 32 }) {
            faults.append("\(path)\(name): has control characters")
        }
        return text
    }

    mutating func integer(
        _ name: String,
        of json: JSON,
        path: String = "",
        in range: ClosedRange<Int>,
        default value: Int?
    ) -> Int {
        if json[name] == nil, let value { return value }
        guard let number = json[name]?.intValue, range.contains(number) else {
            faults.append(
                "\(path)\(name): not a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
            return range.lowerBound
        }
        return number
    }
}

/// The kind of machine a library is built for, as manifests call it.
enum Machine {
    #if arch(x86_64)
    static let name = "linux-x86_64"
    #elseif arch(arm64)
    static let name = "linux-aarch64"
    #endif
}
