import JSONCoding
import PluginHost

/// A plugin that answers with the colour it is configured with, and refuses to start with red.
enum PaintPlugin {
    static let id = "test.paint"

    private static let code = #"""
        static char *colour;
        #define START start
        static void start(maitred_plugin *p, maitred_call *call, maitred_slice config) {
            colour = member(config, "colour");
            if (strcmp(colour, "red") != 0) return answer(call, "{}");
            maitred_slice why = slice("{\"message\":\"red is out\"}");
            host->complete(host, call, MAITRED_INVALID, why);
        }
        static _Atomic int draining;
        #define DRAIN drain
        static void drain(maitred_plugin *p, uint32_t deadline) { draining = 1; }
        static void listed(void *call, int32_t status, maitred_slice out) {
            answer(call, status == MAITRED_OK ? "{\"listed\":true}" : "{\"listed\":false}");
        }
        INVOKE {
            char json[100];
            if (strcmp(method, "crash") == 0) abort();
            if (strcmp(method, "slow") == 0) {
                say("begun");
                usleep(300000);
            }
            if (strcmp(method, "later") == 0) {
                say("begun");
                while (!draining) usleep(1000);
                ask(call, MAITRED_KV_SERVICE, "list", "{}", listed, call);
                return;
            }
            snprintf(json, sizeof json, "{\"colour\":\"%s\"}", colour);
            answer(call, json);
        }
        """#

    static func manifest(
        version: String = "1.0.0",
        permissions: JSON.Object = ["kv_bytes": 1000]
    ) -> JSON {
        PluginWorkshop.manifest(
            "paint",
            with: [
                "version": .string(version), "permissions": .object(permissions),
                "config": [
                    "type": "object",
                    "properties": [
                        "colour": ["type": "string", "default": "white", "maxLength": 10],
                        "key": ["type": "string", "format": "secret"],
                        "shop": [
                            "type": "object",
                            "properties": ["token": ["type": "string", "format": "secret"]],
                        ],
                    ],
                ],
            ]
        )
    }

    /// Builds it into a folder of the workshop's bundles.
    static func build(
        _ workshop: PluginWorkshop,
        version: String = "1.0.0",
        permissions: JSON.Object = ["kv_bytes": 1000]
    ) async throws -> String {
        try await workshop.build(
            "paint",
            manifest: manifest(version: version, permissions: permissions),
            code
        )
    }
}

extension PluginHost {
    /// The colour that the paint plugin answers with.
    func colour(_ method: String = "now") async throws(PluginError) -> String? {
        try await call(PaintPlugin.id, method, [:], deadline: .seconds(5))["colour"]?.stringValue
    }

    var paintProcess: Int32? {
        get async { await instance(PaintPlugin.id)?.processID }
    }
}
