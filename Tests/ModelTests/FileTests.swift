import Model
import Testing

/// What files are, by their bytes and names.
struct FileTests {
    private static func type(
        _ bytes: [UInt8],
        _ name: String = "file",
        declared: String? = nil
    ) -> String {
        var kind = FileKind()
        kind.add(bytes)
        return kind.type(named: name, declared: declared)
    }

    private static func type(_ text: String, _ name: String = "file") -> String {
        type(Array(text.utf8), name)
    }

    // MARK: - Kinds

    @Test(arguments: [
        ("%PDF-1.7\n", "application/pdf"), ("GIF89a\u{1}\u{2}", "image/gif"),
        ("RIFF____WEBPVP8 ", "image/webp"), ("RIFF____WAVEfmt ", "audio/wav"),
        ("\0\0\0\u{18}ftypmp42____", "video/mp4"), ("\0\0\0\u{18}ftypM4A ____", "audio/mp4"),
        ("\0\0\0\u{18}ftypqt  ____", "video/quicktime"),
        ("\0\0\0\u{18}ftypheic____", "image/heic"), ("OggS\0\u{2}", "audio/ogg"),
        ("ID3\u{4}\0\0", "audio/mpeg"), ("words and more", "text/plain"),
        ("<134>Oct 11 22:14:15 host su: failed", "text/plain"), ("<3 you all", "text/plain"),
        ("MZ is how a text may begin", "text/plain"), ("{\"a\": 1}", "text/plain"),
        ("RIFF____AVI LIST\0", FileKind.unknown), ("", FileKind.unknown),
        ("with a \0 in it", FileKind.unknown), ("é ü 日本 🙂\r\n\tx", "text/plain"),
    ])
    func `knows kinds by how they begin`(_ text: String, _ type: String) {
        #expect(Self.type(text) == type)
    }

    @Test(arguments: [
        "<!DOCTYPE html>", "<!doctype HTML PUBLIC", "\u{FEFF}\n <html lang=en>", "<HEAD>",
        "<script>x</script>", "<!-- a --><p>", "<body/onload=x>", "<a href=x>", "<b", "<p>x",
    ])
    func `takes pages for pages, whatever they are called`(_ text: String) {
        #expect(Self.type(text, "words.txt") == "text/html")
        #expect(Self.type(text, "image.png") == "text/html")
    }

    @Test(arguments: [
        "<svg xmlns=x>", "<?xml version=\"1.0\"?>\n<!-- x -->\n<svg>", "\n\t<SVG>",
        "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN'><svg>",
    ])
    func `takes images with scripts for what they are`(_ text: String) {
        #expect(Self.type(text, "image.png") == "image/svg+xml")
    }

    @Test(
        arguments: [
            [0x7F, 0x45, 0x4C, 0x46, 2, 1], [0x4D, 0x5A, 0x90, 0, 3, 0, 0, 0],
            [0xCF, 0xFA, 0xED, 0xFE, 7], [0xCA, 0xFE, 0xBA, 0xBE, 0], [0, 0x61, 0x73, 0x6D, 1],
        ] as [[UInt8]]
    )
    func `takes programs for programs`(_ bytes: [UInt8]) {
        #expect(Self.type(bytes, "photo.jpg", declared: "image/jpeg") == "application/x-executable")
    }

    @Test func `tells tables from other texts by what their sender says`() {
        #expect(Self.type("a,b\n1,2\n", "t.csv") == "text/csv")
        #expect(Self.type(Array("a;b".utf8), "t", declared: "text/csv; header=x") == "text/csv")
        #expect(Self.type(Array("a;b".utf8), "t", declared: "image/png") == "text/plain")
    }

    @Test func `notices what comes late`() {
        var kind = FileKind()
        kind.add([UInt8](repeating: 97, count: FileKind.headBytes + 5))
        #expect(kind.type(named: "a.txt", declared: nil) == "text/plain")
        kind.add([0])
        #expect(kind.type(named: "a.txt", declared: nil) == FileKind.unknown)
        #expect(kind.head.count == FileKind.headBytes)
    }

    @Test(arguments: [
        (["[Content_Types].xml", "_rels/.rels", "word/document.xml"], "x", "ml.document"),
        (["[Content_Types].xml", "xl/workbook.xml"], "x", "spreadsheetml.sheet"),
        (["[Content_Types].xml", "ppt/slide.xml"], "x", "presentationml.presentation"),
        (["[Content_Types].xml", "docProps/app.xml"], "a.xlsx", "spreadsheetml.sheet"),
        (["[Content_Types].xml", "word/a.xml", "word/vbaProject.bin"], "a.docx", "macroenabled"),
        (["META-INF/MANIFEST.MF", "A.class"], "a.zip", "java-archive"),
        (["AndroidManifest.xml"], "a.zip", "package-archive"),
        (["photos/one.jpg", "word/two.jpg"], "a.docx", "application/zip"), ([], "a", "zip"),
    ])
    func `tells documents that are archives apart`(
        _ members: [String],
        _ name: String,
        _ ending: String
    ) {
        var bytes: [UInt8] = []
        for member in members {
            bytes += [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22)
            bytes += [UInt8(member.utf8.count), 0, 0, 0] + Array(member.utf8) + [1, 2, 0x50, 0x4B]
        }
        if members.isEmpty { bytes = [0x50, 0x4B, 3, 4] }
        #expect(Self.type(bytes, name).hasSuffix(ending))
    }

    @Test func `reads what OpenDocument files say of themselves`() {
        let type = "application/vnd.oasis.opendocument.text"
        let bytes: [UInt8] =
            [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [8, 0, 0, 0]
            + Array("mimetype\(type)PK".utf8)
        #expect(Self.type(bytes) == type)
        // Cut anywhere it is an archive, or nothing.
        for length in 0..<bytes.count { _ = Self.type(Array(bytes[..<length])) }
    }

    @Test(arguments: ["a.EXE", "x.html", "b.pdf.scr", "c.svg", "d.jnlp", "e.docm"])
    func `knows endings that run`(_ name: String) { #expect(FileKind.isProgram(named: name)) }

    @Test(arguments: ["exe", ".exe", "a.exe.txt", "html.pdf", "a.docx", ""])
    func `knows endings that do not`(_ name: String) { #expect(!FileKind.isProgram(named: name)) }

    // MARK: - Sizes of images

    @Test func `reads the size of each kind of image`() {
        let png: [UInt8] =
            [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13] + Array("IHDR".utf8)
            + [0, 0, 2, 128, 0, 0, 1, 224]
        #expect(ImageSize(png, type: "image/png") == ImageSize(width: 640, height: 480))
        let gif = Array("GIF89a".utf8) + [0x80, 2, 0xE0, 1]
        #expect(ImageSize(gif, type: "image/gif") == ImageSize(width: 640, height: 480))
        let riff = Array("RIFF....WEBP".utf8)
        let extended = riff + Array("VP8X....".utf8) + [0, 0, 0, 0, 0x7F, 2, 0, 0xDF, 1, 0]
        #expect(ImageSize(extended, type: "image/webp") == ImageSize(width: 640, height: 480))
        let lossy = riff + Array("VP8 ....".utf8) + [0, 0, 0, 0x9D, 1, 0x2A, 0x80, 2, 0xE0, 1]
        #expect(ImageSize(lossy, type: "image/webp") == ImageSize(width: 640, height: 480))
        let bits = UInt32(639 | 479 << 14)
        let lossless =
            riff + Array("VP8L....".utf8) + [0x2F]
            + (0..<4).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
            + [0, 0, 0, 0, 0]
        #expect(ImageSize(lossless, type: "image/webp") == ImageSize(width: 640, height: 480))
    }

    private static func jpeg(orientation: UInt8?, isLittle: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1]
        if let orientation {
            let tiff: [UInt8] =
                isLittle
                ? [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0]
                    + [0, 0]
                : [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation]
                    + [0, 0]
            let segment = Array("Exif\0\0".utf8) + tiff
            bytes += [0xFF, 0xE1, 0, UInt8(segment.count + 2)] + segment
        }
        // A stuffed marker, a table, then the frame.
        bytes += [0xFF, 0xFF, 0xC4, 0, 3, 0, 0xFF, 0xC2, 0, 17, 8, 1, 0xE0, 2, 0x80, 3, 0, 0, 0]
        return bytes
    }

    @Test func `reads the size of a photograph as it is shown`() {
        let lying = ImageSize(width: 640, height: 480)
        let upright = ImageSize(width: 480, height: 640)
        #expect(ImageSize(Self.jpeg(orientation: nil), type: "image/jpeg") == lying)
        for isLittle in [false, true] {
            for orientation in 1...8 {
                let bytes = Self.jpeg(orientation: UInt8(orientation), isLittle: isLittle)
                let size = ImageSize(bytes, type: "image/jpeg")
                #expect(size == (orientation >= 5 ? upright : lying))
            }
        }
    }

    @Test func `reads nothing from images that are cut or make no sense`() {
        let types = ["image/png", "image/gif", "image/webp", "image/jpeg"]
        let whole = Self.jpeg(orientation: 6)
        for length in 0..<whole.count {
            for type in types { _ = ImageSize(Array(whole[..<length]), type: type) }
        }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<4 {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            for type in types { _ = ImageSize(bytes, type: type) }
            _ = Self.type(bytes)
        }
        let nothing = Array("GIF89a".utf8) + [0, 0, 0, 0]
        #expect(ImageSize(nothing, type: "image/gif") == nil)
    }

    // MARK: - Names

    @Test(arguments: [
        ("photo.png", "photo.png"), ("/etc/passwd", "passwd"), ("..\\..\\a.txt", "a.txt"),
        ("a/", "a"), ("", "file"), ("...", "file"), (" . ", "file"), (".htaccess", "htaccess"),
        ("report.", "report"), ("a\u{0}b\u{7}c\u{7F}.txt", "abc.txt"),
        ("invoice\u{202E}fdp.exe", "invoicefdp.exe"), ("a\u{200B}\u{FEFF}b", "ab"),
        ("two\u{2028}lines", "twolines"), ("Ärger “1”.pdf", "Ärger “1”.pdf"),
        ("👩‍💻.txt", "👩‍💻.txt"),
    ])
    func `cleans names`(_ name: String, _ clean: String) {
        #expect(FileName.clean(name) == clean)
    }

    @Test func `shortens long names and keeps their ending`() {
        let long = FileName.clean(String(repeating: "é", count: 500) + ".tar.gz")
        #expect(long?.unicodeScalars.count == FileName.limit)
        #expect(long?.hasSuffix("….gz") == true)
        let bare = FileName.clean(String(repeating: "x", count: 500))
        #expect(bare?.unicodeScalars.count == FileName.limit)
        #expect(FileName.clean(String(repeating: "x", count: 2001)) == nil)
    }
}
