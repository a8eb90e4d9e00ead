/// Signing in at other servers, for plugins whose manifests ask for it.
extension PluginHost {
    /// Where somebody goes to say yes; they come back to `redirect`.
    package func beginSignIn(
        _ name: String,
        of id: String,
        redirect: String
    ) async throws(Refusal) -> String {
        guard let instance = instance(id) else { throw Self.unknown(id) }
        do throws(ServiceFault) {
            return try await services.oauth.begin(name, for: instance.grant, redirect: redirect)
        } catch {
            throw Refusal(kind: .invalid, reasons: [error.message])
        }
    }

    /// Takes what somebody came back with; returns the plugin's name.
    package func finishSignIn(state: String, code: String) async throws(Refusal) -> String {
        do throws(ServiceFault) {
            return try await services.oauth.finish(state: state, code: code)
        } catch {
            throw Refusal(kind: .invalid, reasons: [error.message])
        }
    }
}
