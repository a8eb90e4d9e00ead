// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

extension Chat {
    private static let tries = 3
    /// The longest `Retry-After` that is waited for: an agent sits in front of it.
    private static let longestPause = 5

    /// Sends a request and reads the answer while it comes.
    ///
    /// The host repeats no streams, so it is done here: after 429, 502, 503 and 504, and when the
    /// connection fails before anything has come.
    func stream(
        _ body: ChatRequest,
        _ call: Call,
        _ reader: inout ReplyReader,
        _ isWanted: (String) -> Bool
    ) async throws -> HTTPResponse? {
        var attempt = 1
        while true {
            var pause = Duration.milliseconds(100 << attempt)
            do {
                let response = try await streamOnce(body, call, &reader, isWanted)
                guard let response, attempt < Self.tries, response.isTemporary else {
                    return response
                }
                if let seconds = response.retryAfter {
                    guard seconds <= Self.longestPause else { return response }
                    pause = .seconds(seconds)
                }
            } catch let failure as PluginFailure {
                guard failure.kind == .temporary, !reader.hasReceived, attempt < Self.tries else {
                    throw failure
                }
            }
            try await Task.sleep(for: pause)
            attempt += 1
        }
    }

    private func streamOnce(
        _ body: ChatRequest,
        _ call: Call,
        _ reader: inout ReplyReader,
        _ isWanted: (String) -> Bool
    ) async throws -> HTTPResponse? {
        let patience = Duration.milliseconds(config.firstTokenMs)
        let stream = ChatStream(api.completion(body), call, silence: patience)
        for try await piece in stream.pieces {
            switch piece {
            case .body(let chunk):
                let signs = reader.signsOfLife
                let text = try reader.take(chunk)
                // What only keeps the connection open is no sign of the model.
                if reader.signsOfLife > signs { stream.noteLife() }
                if !text.isEmpty, !isWanted(text) {
                    reader.stop()
                    return nil
                }
                if reader.isDone { return try finish(&reader, isWanted) }
            case .end(let response):
                return response.isSuccess ? try finish(&reader, isWanted) : response
            }
        }
        throw CancellationError()
    }

    private func finish(
        _ reader: inout ReplyReader,
        _ isWanted: (String) -> Bool
    ) throws -> HTTPResponse? {
        let text = try reader.finish()
        if !text.isEmpty, !isWanted(text) { reader.stop() }
        return nil
    }
}

extension HTTPResponse {
    fileprivate var isTemporary: Bool { [429, 502, 503, 504].contains(status) }

    fileprivate var retryAfter: Int? { headers["retry-after"].flatMap { Int($0) } }
}
