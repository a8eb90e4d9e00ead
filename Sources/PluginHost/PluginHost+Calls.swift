import JSONCoding

/// Calls by plugin and method, for those who know whom they ask.
extension PluginHost {
    /// Asks one plugin; its answer must be JSON or nothing, which is null.
    ///
    /// - Parameters:
    ///   - id: The plugin.
    ///   - method: As in `maitred_plugin.h`: `action/stripe.refund`.
    ///   - input: What it is told.
    ///   - deadline: How long the answer is worth anything.
    ///   - part: Is told of parts that come before the end.
    /// - Returns: The answer.
    /// - Throws: ``PluginError``; `unavailable` for a plugin that does not run.
    package func call(
        _ id: String,
        _ method: String,
        _ input: JSON,
        deadline: Duration,
        part: (@Sendable ([UInt8]) -> Void)? = nil
    ) async throws(PluginError) -> JSON {
        guard let instance = instance(id) else { throw .unavailable }
        let bytes: [UInt8]
        do throws(PluginError) {
            bytes = try await instance.invoke(
                method,
                input.bytes(),
                deadline: deadline,
                part: part
            )
        } catch {
            // Another process took over while we were on our way to this one.
            guard error == .unavailable, let newer = self.instance(id), newer !== instance else {
                throw error
            }
            bytes = try await newer.invoke(method, input.bytes(), deadline: deadline, part: part)
        }
        if bytes.isEmpty { return .null }
        do {
            return try JSON(parsing: bytes, depth: 16)
        } catch {
            await instance.note(failure: .malformed("\(error)"))
            throw .malformed("\(error)")
        }
    }
}
