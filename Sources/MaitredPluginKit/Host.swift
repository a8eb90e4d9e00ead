// SPDX-License-Identifier: Apache-2.0

import CMaitredPlugin

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The server, as a plugin sees it; any thread may use it.
public struct Host: @unchecked Sendable {
    // Safe because the process keeps the struct unchanged until the plugin is destroyed, and every
    // function in it is tagged [any-thread].
    private let pointer: UnsafePointer<maitred_host>

    init(_ pointer: UnsafePointer<maitred_host>) { self.pointer = pointer }

    /// The struct itself, for the services' own calls.
    var raw: UnsafePointer<maitred_host> { pointer }

    /// How much a log line matters.
    public enum LogLevel: Int32, Sendable {
        case debug, info, warning, error
    }

    /// Writes a line to the server's log, with facts beside it; never personal data.
    public func log(_ level: LogLevel, _ message: String, _ fields: [String: String] = [:]) {
        guard let service = service(MAITRED_LOG_SERVICE, as: maitred_log_1.self) else { return }
        var text = message
        var json = fields.isEmpty ? "" : Self.object(fields)
        text.withUTF8 { text in
            json.withUTF8 { json in
                service.pointee.write(
                    pointer,
                    level.rawValue,
                    maitred_slice(text),
                    maitred_slice(json)
                )
            }
        }
    }

    /// The time by the server's clock.
    public var now: Date {
        guard let service = service(MAITRED_CLOCK_SERVICE, as: maitred_clock_1.self) else {
            return Date()
        }
        return Date(timeIntervalSince1970: Double(service.pointee.unix_ms(pointer)) / 1000)
    }

    /// Looks up a service that this kit has no face for; nil when the server lacks it.
    public func service<Service>(_ id: String, as type: Service.Type) -> UnsafePointer<Service>? {
        pointer.pointee.get_service(pointer, id)?.assumingMemoryBound(to: type)
    }

    func complete(_ call: CallToken, status: Int32, _ out: Data) {
        out.withUnsafeBytes { bytes in
            let slice = maitred_slice(bytes.assumingMemoryBound(to: UInt8.self))
            pointer.pointee.complete(pointer, call.pointer, status, slice)
        }
    }

    /// Sends a part of a call's answer; a process older than this kit has no such function.
    func part(_ call: CallToken, _ out: Data) {
        let size = MemoryLayout<maitred_host>.offset(of: \.part)
        guard let size, pointer.pointee.size > size, let part = pointer.pointee.part else { return }
        out.withUnsafeBytes { bytes in
            part(pointer, call.pointer, maitred_slice(bytes.assumingMemoryBound(to: UInt8.self)))
        }
    }

    /// Services outside of a call, while the plugin starts for example.
    public var outsideCalls: Call { Call(self, nil, Data()) }

    private static func object(_ fields: [String: String]) -> String {
        let encoded = try? JSONEncoder().encode(fields)
        return encoded.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// A call that waits for its answer.
struct CallToken: @unchecked Sendable, Hashable {
    // Safe because it is a number in the form of a pointer, never dereferenced.
    let pointer: OpaquePointer
}

extension maitred_slice {
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.init(ptr: bytes.isEmpty ? nil : bytes.baseAddress, len: bytes.count)
    }

    /// A copy that outlives the call.
    var data: Data { ptr.map { Data(bytes: $0, count: len) } ?? Data() }
}
