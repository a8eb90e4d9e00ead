// SPDX-License-Identifier: Apache-2.0

/// A maitred plugin: what its author writes.
///
/// The library holds one plugin and exports one function:
///
///     @c(maitred_plugin_entry)
///     public func entry(_ major: UInt32) -> UnsafePointer<maitred_entry>? {
///         export(Orders.self, major)
///     }
///
/// A plugin runs in a process of its own, without network and files except those its manifest and
/// the operator name. A trap ends that process; the server starts it anew.
///
/// ## Topics
/// - ``Host``
/// - ``Registrar``
/// - ``Facts``
/// - ``PluginFailure``
public protocol Plugin: Sendable {
    /// The operator's settings, decoded from the configuration that the manifest describes.
    ///
    /// Keys in `snake_case` become properties in `camelCase`.
    associatedtype Config: Decodable & Sendable = NoConfig

    /// The manifest: the same JSON as `plugin.json`, usually its bytes built into the library.
    static var manifest: [UInt8] { get }

    /// Begins work with a configuration; throws when it cannot, and the operator reads why.
    ///
    /// A changed configuration makes a new value, which takes over when this has returned.
    init(_ host: Host, config: Config) async throws

    /// Says what answers the hooks of the manifest. Called once, after the initialiser.
    func register(_ registrar: inout Registrar)
}

/// The configuration of a plugin that has none.
public struct NoConfig: Decodable, Sendable {}
