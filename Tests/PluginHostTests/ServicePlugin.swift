import JSONCoding
import PluginHost
import Testing

/// A plugin that asks services what a test tells it to, and repeats what they answer.
///
/// Every other call it writes into its journal; one with `"status": "2"` in it ends so, one with
/// `"failures": "3"` fails for now until it has done so three times.
enum ServicePlugin {
    /// Told `{"ask": "maitred.kv/1 get", "with": {…}}`; parts are passed on as they come.
    static let code = #"""
        typedef struct { maitred_call *call; char *parts; } question;
        static void finish(question *q, int32_t status, maitred_slice out) {
            char *json;
            if (asprintf(&json, "{\"status\":%d,\"parts\":[%s],\"out\":%.*s}", status, q->parts,
                         out.len ? (int)out.len : 4, out.len ? (const char *)out.ptr : "null") > 0)
                answer(q->call, json);
        }
        static void answered(void *context, int32_t status, maitred_slice out) {
            question *q = context;
            if (status != MAITRED_MORE) return finish(q, status, out);
            char *parts;
            if (asprintf(&parts, "%s%s%.*s", q->parts, *q->parts ? "," : "", (int)out.len,
                         (const char *)out.ptr) > 0) q->parts = parts;
            host->part(host, q->call, out);
        }
        static void other(maitred_call *call, const char *method, maitred_slice in) {
            static int failures;
            char *line;
            if (asprintf(&line, "%s %.*s", method, (int)in.len, (const char *)in.ptr) > 0) say(line);
            int32_t status = atoi(member(in, "status"));
            if (failures < atoi(member(in, "failures"))) {
                failures++;
                status = MAITRED_TEMPORARY;
            }
            host->complete(host, call, status, slice("{\"message\":\"not now\"}"));
        }
        INVOKE {
            if (strcmp(method, "test") != 0) return other(call, method, in);
            char service[64] = "", name[64] = "";
            char *text = strndup((const char *)in.ptr, in.len);
            sscanf(text, "{\"ask\":\"%63[^ ] %63[^\"]", service, name);
            char *with = strstr(text, "\"with\":") + 7;
            with[strlen(with) - 1] = 0;
            question *q = malloc(sizeof *q);
            *q = (question){call, ""};
            int32_t taken = ask(call, service, name, with, answered, q);
            if (taken != MAITRED_OK) finish(q, 100 + taken, (maitred_slice){0});
        }
        """#

    /// Builds it with these permissions.
    static func build(
        _ workshop: PluginWorkshop,
        _ name: String = "asker",
        permissions: JSON.Object,
        with more: JSON.Object = [:]
    ) async throws -> String {
        var changes = more
        changes["permissions"] = .object(permissions)
        let manifest = PluginWorkshop.manifest(name, with: changes)
        return try await workshop.build(name, manifest: manifest, code)
    }
}

/// What a service has answered.
struct ServiceAnswer {
    /// As in the header.
    var status: Int
    var parts: [JSON]
    var out: JSON

    /// Why it did not answer.
    var message: String { out["message"]?.stringValue ?? "" }

    static let ok = 0
    static let failed = 1
    static let invalid = 2
    static let unsupported = 3
    static let temporary = 4
    static let denied = 9
    /// Where the process hands out no such service.
    static let absent = 99
}

extension PluginHost {
    /// Has a ``ServicePlugin`` ask a service.
    func ask(
        _ question: String,
        _ input: JSON.Object = [:],
        by id: String = "test.asker",
        within deadline: Duration = .seconds(10),
        part: (@Sendable ([UInt8]) -> Void)? = nil
    ) async throws -> ServiceAnswer {
        let answer = try await call(
            id,
            "test",
            ["ask": .string("maitred." + question), "with": .object(input)],
            deadline: deadline,
            part: part
        )
        return ServiceAnswer(
            status: try #require(answer["status"]?.intValue),
            parts: answer["parts"]?.arrayValue ?? [],
            out: answer["out"] ?? .null
        )
    }
}
