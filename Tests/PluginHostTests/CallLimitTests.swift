import JSONCoding
import PluginHost
import Testing

/// How many calls a plugin runs and has waiting.
@Suite(.timeLimit(.minutes(1)))
struct CallLimitTests {
    /// Runs at most two calls, none of which ends before one of them is cancelled; then each answers
    /// how many have run side by side at most.
    private static let code = #"""
        static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
        static pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
        static int running, most, is_free;
        static void cancel(maitred_plugin *p, maitred_call *call) {
            (void)call;
            pthread_mutex_lock(&lock);
            is_free = 1;
            pthread_cond_broadcast(&freed);
            pthread_mutex_unlock(&lock);
        }
        #define CANCEL cancel
        INVOKE {
            char json[40];
            pthread_mutex_lock(&lock);
            if (++running > most) most = running;
            while (!is_free) pthread_cond_wait(&freed, &lock);
            running--;
            snprintf(json, sizeof json, "{\"most\":%d}", most);
            pthread_mutex_unlock(&lock);
            answer(call, json);
        }
        """#
    private static let waiting = 64

    private func host(_ workshop: PluginWorkshop) async throws -> (PluginHost, String) {
        let manifest = PluginWorkshop.manifest("narrow", with: ["limits": ["concurrency": 2]])
        let id = try await workshop.build("narrow", manifest: manifest, Self.code)
        return (await workshop.host([id]) { $0.hangLimit = .seconds(10) }, id)
    }

    private func result(
        of id: String,
        in host: PluginHost,
        within deadline: Duration
    ) async -> Result<JSON, PluginError> {
        do throws(PluginError) {
            return .success(try await host.call(id, "test", [:], deadline: deadline))
        } catch {
            return .failure(error)
        }
    }

    @Test func `what is more than can wait is refused at once, and what waits is not`() async throws
    {
        try await PluginWorkshop.with { workshop in
            let (host, id) = try await host(workshop)
            await withTaskGroup(of: Result<JSON, PluginError>.self) { group in
                for _ in 0..<(2 + Self.waiting + 3) {
                    group.addTask { await result(of: id, in: host, within: .seconds(2)) }
                }
                for _ in 0..<3 { #expect(await group.next() == .failure(.busy)) }
                for await result in group { #expect(result != .failure(.busy)) }
            }
            #expect(PluginError.busy.code == "plugin_busy")
            let state = try await host.state(of: id)
            #expect(state.status == .running && state.failures >= 3)
            // There is room again, once the plugin has given up what nobody waits for; of all of them
            // no more than two ran side by side.
            var later = await result(of: id, in: host, within: .seconds(10))
            while later == .failure(.busy) {
                later = await result(of: id, in: host, within: .seconds(10))
            }
            #expect(later == .success(["most": 2]))
            await host.stop()
        }
    }
}
