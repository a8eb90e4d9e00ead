/// A salted, memory-hard hash of a password.
///
/// Its text is in the PHC form, `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`, with unpadded base64. Making and
/// comparing block the thread for some 65 ms and take 32 MiB: the server uses ``PasswordHasher``.
package struct PasswordHash: Hashable, Sendable {
    /// The longest password that is accepted, in bytes of UTF-8.
    package static let longestPassword = 1024

    package let parameters: Scrypt.Parameters
    private let salt: [UInt8]
    private let key: [UInt8]

    /// Hashes a new password with a salt of its own.
    package init(
        hashing password: String,
        parameters: Scrypt.Parameters = .current
    ) throws(PasswordFault) {
        self.parameters = parameters
        salt = SecureRandom.bytes(16)
        key = try Self.derive(password, salt: salt, parameters: parameters, length: 32)
    }

    /// Reads the text of a hash.
    ///
    /// - Throws: `unreadableHash`, also when the parameters are beyond what ``Scrypt/Parameters``
    ///   accepts: a damaged file must not make a login take minutes.
    package init(parsing text: String) throws(PasswordFault) {
        guard text.utf8.count <= 256 else { throw .unreadableHash }
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let parameters = Self.parameters(parts[2]),
            let salt = Base64.standard.decode(parts[3]), (8...64).contains(salt.count),
            let key = Base64.standard.decode(parts[4]), (16...64).contains(key.count)
        else { throw .unreadableHash }
        self.parameters = parameters
        self.salt = salt
        self.key = key
    }

    /// The form to store.
    ///
    /// It is a secret: it belongs in no log and no answer.
    package var encoded: String {
        "$scrypt$ln=\(parameters.log2N),r=\(parameters.r),p=\(parameters.p)"
            + "$\(Base64.standard.encode(salt))$\(Base64.standard.encode(key))"
    }

    /// Whether the hash was made with other parameters than new ones are.
    package var needsRehash: Bool {
        parameters != .current || salt.count < 16 || key.count != 32
    }

    /// Tells whether this is the hash of a password, without telling by time how near it is.
    package func verify(_ password: String) throws(PasswordFault) -> Bool {
        Digest.equal(
            try Self.derive(password, salt: salt, parameters: parameters, length: key.count),
            key
        )
    }

    private static func derive(
        _ password: String,
        salt: [UInt8],
        parameters: Scrypt.Parameters,
        length: Int
    ) throws(PasswordFault) -> [UInt8] {
        let bytes = Array(password.utf8)
        guard (1...longestPassword).contains(bytes.count) else {
            throw .length(limit: longestPassword)
        }
        return try Scrypt.derive(bytes, salt: salt, parameters: parameters, length: length)
    }

    private static func parameters(_ text: Substring) -> Scrypt.Parameters? {
        var numbers: [Int] = []
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 3 else { return nil }
        for (field, name) in zip(fields, ["ln=", "r=", "p="]) {
            let digits = field.dropFirst(name.count)
            guard field.hasPrefix(name), (1...2).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits)
            else { return nil }
            numbers.append(number)
        }
        return Scrypt.Parameters(log2N: numbers[0], r: numbers[1], p: numbers[2])
    }
}

extension PasswordHash: CustomStringConvertible, CustomReflectable {
    package var description: String { "PasswordHash(scrypt, ln=\(parameters.log2N))" }

    /// Shows nothing: `dump` and string interpolation of a container use it.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
