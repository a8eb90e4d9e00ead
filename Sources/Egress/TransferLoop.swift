import CLibCurl
import Foundation
import Glibc
import Synchronization

/// The thread that drives all transfers.
final class TransferLoop: @unchecked Sendable {
    // Safe because `running` is touched on the thread alone; `multi` is made before the thread begins
    // and freed by it, and `curl_multi_wakeup` may be called from anywhere while `isOpen` is locked.

    /// Connections kept for later, and to one host at a time.
    private static let maximumConnections = 64
    private static let maximumPerHost = 8
    /// How long the thread sleeps when nothing happens.
    private static let nap: Int32 = 60_000

    private enum Letter {
        case begin(Transfer, Duration)
        case cancel(Transfer, EgressFailure)
    }

    private struct State {
        var letters: [Letter] = []
        var isOpen = true
    }

    private let state = Mutex(State())
    private let multi: UnsafeMutableRawPointer
    private var running: [OpaquePointer: Transfer] = [:]

    init() {
        guard let multi = curl_multi_init() else { preconditionFailure("no memory for curl") }
        self.multi = multi
        _ = maitred_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.maximumConnections)
        _ = maitred_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, Self.maximumPerHost)
        let thread = Thread { self.run() }
        thread.name = "maitred.egress"
        thread.start()
    }

    /// Begins a transfer; a closed loop ends it at once.
    func begin(_ transfer: Transfer, within deadline: Duration) {
        if !post(.begin(transfer, deadline)) { transfer.finish(.failure(.cancelled)) }
    }

    /// Ends a transfer that nobody waits for.
    func cancel(_ transfer: Transfer, because failure: EgressFailure = .cancelled) {
        _ = post(.cancel(transfer, failure))
    }

    func close() {
        state.withLock { state in
            guard state.isOpen else { return }
            state.isOpen = false
            curl_multi_wakeup(multi)
        }
    }

    private func post(_ letter: Letter) -> Bool {
        state.withLock { state in
            guard state.isOpen else { return false }
            state.letters.append(letter)
            curl_multi_wakeup(multi)
            return true
        }
    }

    // MARK: - On the thread

    private func run() {
        while true {
            let (letters, isOpen) = state.withLock { state in
                defer { state.letters = [] }
                return (state.letters, state.isOpen)
            }
            for letter in letters { read(letter) }
            guard isOpen else { break }
            var active: Int32 = 0
            // What has ended makes room for what waits, which curl begins when it is asked again.
            repeat { curl_multi_perform(multi, &active) } while settle()
            curl_multi_poll(multi, nil, 0, Self.nap, nil)
        }
        for (easy, transfer) in running {
            curl_multi_remove_handle(multi, UnsafeMutableRawPointer(easy))
            transfer.finish(.failure(.cancelled))
            transfer.release()
        }
        running = [:]
        curl_multi_cleanup(multi)
    }

    private func read(_ letter: Letter) {
        switch letter {
        case .begin(let transfer, _) where transfer.isCancelled:
            transfer.finish(.failure(.cancelled))
        case .begin(let transfer, let deadline):
            guard let easy = transfer.open(within: deadline) else { return }
            guard curl_multi_add_handle(multi, UnsafeMutableRawPointer(easy)) == CURLM_OK else {
                transfer.release()
                transfer.finish(.failure(.unreachable("curl takes no more transfers")))
                return
            }
            running[easy] = transfer
        case .cancel(let transfer, let failure):
            transfer.isCancelled = true
            if let easy = transfer.easy, running.removeValue(forKey: easy) != nil {
                curl_multi_remove_handle(multi, UnsafeMutableRawPointer(easy))
                transfer.release()
            }
            transfer.finish(.failure(failure))
        }
    }

    /// Takes out what has ended; says whether anything had.
    private func settle() -> Bool {
        var hasSettled = false
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE,
                let easy = message.pointee.easy_handle.map(OpaquePointer.init),
                let transfer = running.removeValue(forKey: easy)
            else { continue }
            let code = maitred_curl_result(message)
            curl_multi_remove_handle(multi, UnsafeMutableRawPointer(easy))
            transfer.settle(code)
            hasSettled = true
        }
        return hasSettled
    }
}
