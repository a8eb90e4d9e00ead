extension JSONWriter {
    package mutating func member(_ key: String, _ value: String) {
        self.key(key)
        self.value(value)
    }

    package mutating func member(_ key: String, _ value: Int) {
        self.key(key)
        self.value(value)
    }

    package mutating func member(_ key: String, _ value: Int64) {
        self.key(key)
        self.value(value)
    }

    package mutating func member(_ key: String, _ value: Double) {
        self.key(key)
        self.value(value)
    }

    package mutating func member(_ key: String, _ value: Bool) {
        self.key(key)
        self.value(value)
    }

    package mutating func member(_ key: String, _ value: [String]) {
        self.key(key)
        self.value(value)
    }

    package mutating func member(_ key: String, _ value: JSON) {
        self.key(key)
        self.value(value)
    }

    package mutating func member(_ key: String, _ value: JSON.Object) {
        self.key(key)
        self.value(value)
    }

    /// Writes a member whose value the body writes: exactly one value.
    package mutating func member<Failure: Error>(
        _ key: String,
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        self.key(key)
        try body(&self)
    }

    /// Splices in a value that is JSON text already; it is not checked.
    package mutating func member(_ key: String, raw json: [UInt8]) {
        self.key(key)
        raw(json)
    }

    package mutating func memberNull(_ key: String) {
        self.key(key)
        null()
    }
}

// Members that are left out when there is no value.
extension JSONWriter {
    package mutating func memberIfPresent(_ key: String, _ value: String?) {
        if let value { member(key, value) }
    }

    package mutating func memberIfPresent(_ key: String, _ value: Int?) {
        if let value { member(key, value) }
    }

    package mutating func memberIfPresent(_ key: String, _ value: Int64?) {
        if let value { member(key, value) }
    }

    package mutating func memberIfPresent(_ key: String, _ value: Double?) {
        if let value { member(key, value) }
    }

    package mutating func memberIfPresent(_ key: String, _ value: Bool?) {
        if let value { member(key, value) }
    }

    package mutating func memberIfPresent(_ key: String, _ value: [String]?) {
        if let value { member(key, value) }
    }

    package mutating func memberIfPresent(_ key: String, _ value: JSON?) {
        if let value { member(key, value) }
    }

    package mutating func memberIfPresent(_ key: String, _ value: JSON.Object?) {
        if let value { member(key, value) }
    }
}
