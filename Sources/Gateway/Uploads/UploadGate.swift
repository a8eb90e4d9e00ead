import Model
import Store
import Synchronization
import Transport

/// Who uploads how much right now: what is on its way counts as if it were there.
final class UploadGate: Sendable {
    private struct Load {
        var files = 0
        var bytes = 0
    }

    private struct State {
        var all = Load()
        var each: [Uploader: Load] = [:]
    }

    private let state = Mutex(State())

    /// Lets an upload begin, to be ended by ``leave(_:bytes:)``.
    ///
    /// `kept`: what its uploader has sent in the last hour, if that is limited. `stored`: the bytes of
    /// all files. `free`: what the disk has left.
    func enter(
        _ uploader: Uploader,
        bytes: Int,
        kept: (files: Int, bytes: Int)?,
        stored: Int,
        free: Int?,
        _ options: UploadOptions
    ) throws(UploadRefusal) {
        let refusal: UploadRefusal? = state.withLock { state in
            let load = state.each[uploader] ?? Load()
            if let kept {
                let isOver =
                    kept.files + load.files >= options.hourlyFiles
                    || kept.bytes + load.bytes + bytes > options.hourlyBytes
                if isOver { return .wait(.seconds(600)) }
            }
            guard load.files < options.atOnceOfOne, state.all.files < options.atOnce else {
                return .wait(.seconds(5))
            }
            guard stored + state.all.bytes + bytes <= options.quota else { return .full }
            if let free, free - state.all.bytes - bytes < options.reserve { return .full }
            state.all.files += 1
            state.all.bytes += bytes
            state.each[uploader] = Load(files: load.files + 1, bytes: load.bytes + bytes)
            return nil
        }
        if let refusal { throw refusal }
    }

    func leave(_ uploader: Uploader, bytes: Int) {
        state.withLock { state in
            state.all.files -= 1
            state.all.bytes -= bytes
            guard var load = state.each[uploader] else { return }
            load.files -= 1
            load.bytes -= bytes
            state.each[uploader] = load.files == 0 ? nil : load
        }
    }
}

/// Why an upload does not begin.
enum UploadRefusal: Error, Equatable {
    case wait(Duration)
    case full
}
