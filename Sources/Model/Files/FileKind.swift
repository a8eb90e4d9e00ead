/// What a file is, found out from its bytes while they pass.
///
/// What its sender says, in a header or by its ending, only tells kinds of text apart: a page or a
/// program does not become an image by being called one.
///
///     var kind = FileKind()
///     kind.add(piece)
///     kind.type(named: "photo.png", declared: nil)
package struct FileKind: Sendable {
    /// How much of the beginning is looked at: the sizes of photographs stand behind previews.
    package static let headBytes = 262_144
    package static let unknown = "application/octet-stream"

    /// The beginning of the file.
    package private(set) var head: [UInt8] = []
    private var isText = true

    package init() {}

    package mutating func add(_ bytes: [UInt8]) {
        head += bytes.prefix(Self.headBytes - head.count)
        if isText { isText = bytes.allSatisfy(Self.isInTexts) }
    }

    /// The media type by what has passed so far; ``unknown`` for what this does not know.
    package func type(named name: String, declared: String?) -> String {
        if let type = Self.program(head) { return type }
        if let type = Signature.type(of: head) { return type }
        if head.starts(with: Zip.signature) { return Zip(head).type(named: name) }
        guard isText, !head.isEmpty else { return Self.unknown }
        if let type = Markup.type(of: head) { return type }
        let isTable = FileName.ending(of: name) == "csv" || declared?.hasPrefix("text/csv") == true
        return isTable ? "text/csv" : "text/plain"
    }

    /// Whether a name's ending makes a program of a file for those who open it.
    package static func isProgram(named name: String) -> Bool {
        programEndings.contains(FileName.ending(of: name))
    }

    /// No control but those of layout and of terminals' colours.
    private static func isInTexts(_ byte: UInt8) -> Bool {
        byte >= 32 ? byte != 127 : byte == 9 || byte == 10 || byte == 12 || byte == 13 || byte == 27
    }

    private static func program(_ head: [UInt8]) -> String? {
        if head.has("#!", at: 0) { return "text/x-script" }
        // The two letters may begin a text as well.
        let isDOS = head.has("MZ", at: 0) && head.prefix(512).contains { $0 < 9 }
        guard isDOS || programs.contains(where: head.starts(with:)) else { return nil }
        return "application/x-executable"
    }

    private static let programs: [[UInt8]] = [
        [0x7F, 0x45, 0x4C, 0x46],  // ELF
        [0xFE, 0xED, 0xFA, 0xCE], [0xFE, 0xED, 0xFA, 0xCF],  // Mach-O
        [0xCE, 0xFA, 0xED, 0xFE], [0xCF, 0xFA, 0xED, 0xFE],
        [0xCA, 0xFE, 0xBA, 0xBE],  // Mach-O for several machines, Java
        [0x00, 0x61, 0x73, 0x6D],  // WebAssembly
        [0x64, 0x65, 0x78, 0x0A],  // Dalvik
        [0x4C, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00],  // Windows' shortcuts
    ]

    /// What Windows, macOS or a desktop runs or opens in a browser at a double click.
    private static let programEndings: Set<String> = [
        "ade", "adp", "apk", "app", "application", "appref-ms", "appx", "bat", "chm", "cmd", "com",
        "command", "cpl", "crx", "deb", "desktop", "diagcab", "dll", "dmg", "docm", "dotm", "exe",
        "gadget", "hta", "htm", "html", "img", "inf", "ins", "iso", "isp", "jar", "jnlp", "js",
        "jse", "lib", "library-ms", "lnk", "mde", "mht", "mhtml", "msc", "msi", "msix", "msp",
        "mst",
        "nsh", "pif", "pkg", "pptm", "ps1", "psm1", "reg", "rpm", "scf", "scr", "sct", "search-ms",
        "settingcontent-ms", "sh", "shb", "shtml", "svg", "svgz", "swf", "sys", "url", "vb", "vbe",
        "vbs", "vhd", "vhdx", "website", "wsc", "wsf", "wsh", "xbap", "xht", "xhtml", "xlam",
        "xlsm",
        "xltm", "xml", "xsl", "xslt",
    ]
}

/// Kinds that begin with a fixed sequence.
private enum Signature {
    static func type(of head: [UInt8]) -> String? {
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            return "image/png"
        }
        if head.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if head.has("GIF87a", at: 0) || head.has("GIF89a", at: 0) { return "image/gif" }
        if head.has("%PDF-", at: 0) { return "application/pdf" }
        if head.has("RIFF", at: 0) {
            if head.has("WEBP", at: 8) { return "image/webp" }
            return head.has("WAVE", at: 8) ? "audio/wav" : nil
        }
        if head.has("ftyp", at: 4) { return brand(head) }
        if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return matroska(head) }
        if head.has("OggS", at: 0) { return "audio/ogg" }
        if head.starts(with: [0x1F, 0x8B, 0x08]) { return "application/gzip" }
        if head.has("ID3", at: 0) || isMP3(head) { return "audio/mpeg" }
        return nil
    }

    /// ISO base media: the major brand tells films, sound and photographs apart.
    private static func brand(_ head: [UInt8]) -> String? {
        guard head.count >= 12 else { return nil }
        switch String(decoding: head[8..<12], as: UTF8.self) {
        case "M4A ", "M4B ": return "audio/mp4"
        case "qt  ": return "video/quicktime"
        case "heic", "heix", "heim", "heis", "mif1", "msf1": return "image/heic"
        case "avif", "avis": return "image/avif"
        default: return "video/mp4"
        }
    }

    private static func matroska(_ head: [UInt8]) -> String {
        (0..<64).contains { head.has("webm", at: $0) } ? "video/webm" : "video/x-matroska"
    }

    /// Layer III without a tag: two frames, the second where the first says that it is.
    private static func isMP3(_ head: [UInt8]) -> Bool {
        guard head.count >= 4, head[0] == 0xFF, head[1] & 0xE6 == 0xE2, head[1] & 0x18 != 0x08
        else { return false }
        let isFirst = head[1] & 0x18 == 0x18
        let rates = isFirst ? [44_100, 48_000, 32_000] : [22_050, 24_000, 16_000]
        let kilobits =
            isFirst
            ? [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
            : [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
        let (bits, rate) = (Int(head[2] >> 4), Int(head[2] >> 2 & 3))
        guard (1...14).contains(bits), rate < 3 else { return false }
        let hertz = head[1] & 0x18 == 0 ? rates[rate] / 2 : rates[rate]
        let padding = Int(head[2] >> 1 & 1)
        let next = (isFirst ? 144 : 72) * kilobits[bits] * 1000 / hertz + padding
        return next + 1 < head.count && head[next] == 0xFF && head[next + 1] == head[1]
    }
}

/// Archives, and the documents that are archives.
private struct Zip {
    static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
    private let head: [UInt8]
    private let names: [String]

    init(_ head: [UInt8]) {
        self.head = head
        var names: [String] = []
        var position = 0
        while position + 30 <= head.count, names.count < 200 {
            guard head[position] == 0x50, head[position...].starts(with: Self.signature) else {
                position += 1
                continue
            }
            let end = position + 30 + head.little(position + 26, 2)
            guard end <= head.count else { break }
            names.append(String(decoding: head[(position + 30)..<end], as: UTF8.self))
            position = end
        }
        self.names = names
    }

    func type(named name: String) -> String {
        if let type = openDocument { return type }
        if names.contains(where: { $0.hasSuffix("vbaProject.bin") }) {
            return "application/vnd.ms-office.macroenabled"
        }
        if names.contains("AndroidManifest.xml") {
            return "application/vnd.android.package-archive"
        }
        if names.contains("META-INF/MANIFEST.MF") || names.contains("META-INF/") {
            return "application/java-archive"
        }
        guard names.contains("[Content_Types].xml") else { return "application/zip" }
        for (folder, ending) in [("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")]
        where names.contains(where: { $0.hasPrefix(folder) }) {
            return Self.office[ending] ?? "application/zip"
        }
        // Its parts are farther back than was looked.
        return Self.office[FileName.ending(of: name)] ?? "application/zip"
    }

    /// OpenDocument files say what they are in a first member that is not compressed.
    private var openDocument: String? {
        guard names.first == "mimetype" else { return nil }
        let prefix = "application/vnd.oasis.opendocument."
        for kind in ["text", "spreadsheet", "presentation", "graphics"]
        where head[38...].starts(with: (prefix + kind).utf8) { return prefix + kind }
        return nil
    }

    private static let office = [
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ]
}

/// Texts that a browser would take for a page or an image with scripts.
private enum Markup {
    private static let tags = [
        "!doctype", "html", "head", "script", "iframe", "h1", "div", "font", "table", "a", "style",
        "title", "b", "body", "br", "p", "!--", "meta", "link", "base", "object", "embed",
    ]

    static func type(of head: [UInt8]) -> String? {
        var text = head.prefix(4096)[...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        text = text.drop { $0 <= 32 }
        guard text.first == UInt8(ascii: "<") else { return nil }
        let lower = String(decoding: text, as: UTF8.self).lowercased().dropFirst()
        if lower.hasPrefix("svg") || (lower.hasPrefix("?xml") && lower.contains("<svg")) {
            return "image/svg+xml"
        }
        if lower.hasPrefix("?xml") { return "application/xml" }
        let isPage = tags.contains { tag in
            guard lower.hasPrefix(tag) else { return false }
            let next = lower.dropFirst(tag.count).first
            return tag.hasPrefix("!") || next.map { ">/".contains($0) || $0.isWhitespace } ?? true
        }
        if isPage { return lower.contains("<svg") ? "image/svg+xml" : "text/html" }
        return nil
    }
}
