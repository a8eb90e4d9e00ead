import Synchronization

/// Lets one piece of asynchronous work through after the other, in the order in which they came.
final class Turnstile: Sendable {
    private let last = Mutex<Task<Void, Never>?>(nil)

    func pass<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        let task = last.withLock { last in
            let before = last
            let task = Task {
                await before?.value
                return await body()
            }
            last = Task { _ = await task.value }
            return task
        }
        return await task.value
    }
}
