import CPluginProcess
import Dispatch
import Glibc
import PluginHost

extension Fuzz {
    /// What the server's end of the socket sends to a plugin's process, until it is gone.
    ///
    /// Every call is answered once, and the server can read whatever the process says.
    @Sendable
    static func followOrders(_ bytes: UnsafeRawBufferPointer) {
        let said = answers(to: bytes)
        var reader = FrameReader()
        said.withUnsafeBytes { reader.append($0) }
        var answered: [Answer: Int] = [:]
        do {
            while let frame = try reader.next() {
                guard frame.kind == .result || frame.kind == .pong else { continue }
                answered[Answer(kind: frame.kind, call: frame.call), default: 0] += 1
            }
        } catch {
            hold(false, "a frame that the server refuses: \(error)")
        }
        let due = answersDue(to: bytes)
        hold(answered == due, "answers to \(answered), where \(due) were due")
    }

    private struct Answer: Hashable {
        let kind: Frame.Kind
        let call: UInt64
    }

    /// What the process says from the first order to its end.
    private static func answers(to bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var ends: [Int32] = [0, 0]
        let made = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
        hold(made == 0, "no pair of sockets: \(errno)")
        let (server, process) = (ends[0], ends[1])
        // The socket holds more than the longest input: nobody has to read meanwhile.
        hold(send(bytes, to: server), "orders that are not taken")
        shutdown(server, Int32(SHUT_WR))
        DispatchQueue.global().async {
            let left = plugin_process_run(process)
            hold(left == 0, "\(left) calls that are never answered")
            close(process)
        }
        var said: [UInt8] = []
        while receive(from: server, into: &said) {}
        close(server)
        return said
    }

    /// The answers that orders want, by what Sources/maitred-plugin-host/frames.h says of them.
    private static func answersDue(to bytes: UnsafeRawBufferPointer) -> [Answer: Int] {
        var due: [Answer: Int] = [:]
        var rest = bytes[...]
        var isStarted = false
        while rest.count >= 24 {
            let header = UnsafeRawBufferPointer(rebasing: rest.prefix(24))
            let length = Int(header.loadUnaligned(as: UInt32.self))
            let methodLength = Int(header.loadUnaligned(fromByteOffset: 6, as: UInt16.self))
            let call = header.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            guard methodLength <= length, rest.count >= 24 + length else { break }
            rest = rest.dropFirst(24 + length)
            switch Frame.Kind(
                rawValue: header.loadUnaligned(fromByteOffset: 4, as: UInt16.self)
            ) {
            case .start:
                if !isStarted { due[Answer(kind: .result, call: call), default: 0] += 1 }
                isStarted = true
            case .configure, .invoke: due[Answer(kind: .result, call: call), default: 0] += 1
            case .ping: due[Answer(kind: .pong, call: call), default: 0] += 1
            case .cancel, .reply, .clock: break
            default: return due
            }
        }
        return due
    }
}
