// SPDX-License-Identifier: Apache-2.0

public import CMaitredPlugin
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes the entry that the exported C function returns; nil for another major version.
///
/// Cheap and without side effects after the first time. A library exports one plugin: the first
/// type passed here.
public func export<P: Plugin>(
    _ type: P.Type,
    _ major: UInt32
) -> UnsafePointer<maitred_entry>? {
    guard major == MAITRED_ABI_MAJOR else { return nil }
    return Exported.once.withLock { exported in
        if let exported { return exported.entry }
        let new = Exported(type)
        exported = new
        return new.entry
    }
}

/// What this library has exported: memory that is never freed, as the interface asks.
private struct Exported: @unchecked Sendable {
    // Safe because the entry is written before it is published and never after.
    static let once = Mutex<Exported?>(nil)

    let entry: UnsafePointer<maitred_entry>
    let factory: Runtime.Factory

    init<P: Plugin>(_ type: P.Type) {
        let manifest = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: P.manifest.count)
        _ = manifest.initialize(from: P.manifest)
        let entry = UnsafeMutablePointer<maitred_entry>.allocate(capacity: 1)
        entry.initialize(
            to: maitred_entry(
                size: UInt32(MemoryLayout<maitred_entry>.size),
                abi_major: MAITRED_ABI_MAJOR,
                abi_minor: MAITRED_ABI_MINOR,
                reserved: 0,
                manifest: maitred_slice(UnsafeBufferPointer(manifest)),
                create: create
            )
        )
        self.entry = UnsafePointer(entry)
        factory = { host, config in
            let plugin = try await P(host, config: JSONInput.decode(P.Config.self, from: config))
            var registrar = Registrar()
            plugin.register(&registrar)
            return registrar.handlers
        }
    }
}

// The functions below are C's way in. They belong to no actor: the process calls them from threads
// that Swift knows nothing of. Each does no more than turn its arguments into values.

private func create(
    host: UnsafePointer<maitred_host>?,
    id: UnsafePointer<CChar>?
) -> UnsafeMutablePointer<maitred_plugin>? {
    guard let host, let factory = Exported.once.withLock({ $0?.factory }) else { return nil }
    let runtime = Runtime(host: Host(host), factory: factory)
    let plugin = UnsafeMutablePointer<maitred_plugin>.allocate(capacity: 1)
    plugin.initialize(
        to: maitred_plugin(
            size: UInt32(MemoryLayout<maitred_plugin>.size),
            data: Unmanaged.passRetained(runtime).toOpaque(),
            start: configure,
            configure: configure,
            invoke: invoke,
            cancel: cancel,
            get_extension: nil,
            drain: nil,
            destroy: nil
        )
    )
    return plugin
}

private func runtime(_ plugin: UnsafeMutablePointer<maitred_plugin>?) -> Runtime? {
    guard let data = plugin?.pointee.data else { return nil }
    return Unmanaged<Runtime>.fromOpaque(data).takeUnretainedValue()
}

private func configure(
    plugin: UnsafeMutablePointer<maitred_plugin>?,
    call: OpaquePointer?,
    config: maitred_slice
) {
    guard let call else { return }
    runtime(plugin)?.configure(CallToken(pointer: call), config.data)
}

private func invoke(
    plugin: UnsafeMutablePointer<maitred_plugin>?,
    call: OpaquePointer?,
    method: UnsafePointer<CChar>?,
    input: maitred_slice
) {
    guard let call, let method else { return }
    runtime(plugin)?
        .invoke(CallToken(pointer: call), method: String(cString: method), input.data)
}

private func cancel(plugin: UnsafeMutablePointer<maitred_plugin>?, call: OpaquePointer?) {
    guard let call else { return }
    runtime(plugin)?.cancel(CallToken(pointer: call))
}
