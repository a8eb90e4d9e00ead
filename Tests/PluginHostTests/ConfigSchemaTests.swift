import JSONCoding
import PluginHost
import Testing

struct ConfigSchemaTests {
    private func schema() throws -> ConfigSchema {
        let json = PluginWorkshop.manifest(
            "configured",
            with: [
                "config": [
                    "type": "object", "required": ["key", "file"],
                    "properties": [
                        "key": ["type": "string", "format": "secret"],
                        "file": ["type": "string", "format": "file"],
                        "url": ["type": "string", "format": "uri"],
                        "count": ["type": "integer", "minimum": 1, "maximum": 9, "default": 5],
                        "ratio": ["type": "number"], "on": ["type": "boolean", "default": true],
                        "mode": ["type": "string", "enum": ["a", "b"]],
                        "names": [
                            "type": "array", "maxItems": 2,
                            "items": ["type": "string", "maxLength": 3],
                        ],
                        "inner": [
                            "type": "object", "required": ["depth"],
                            "properties": ["depth": ["type": "integer"]],
                        ],
                    ],
                ]
            ]
        )
        return try PluginManifest(parsing: json.bytes()).config
    }

    @Test func `completes a configuration and keeps the secret back`() throws {
        let resolved = try schema()
            .resolve(["key": "sk_live_1", "file": "a.csv", "names": ["x", "y"]], in: "/data")
        #expect(
            resolved.config == [
                "key": "{{secret:key}}", "file": "/data/a.csv", "count": 5, "on": true,
                "names": ["x", "y"],
            ]
        )
        #expect(resolved.files == ["/data/a.csv"])
    }

    @Test func `lists all faults with their paths`() throws {
        let schema = try schema()
        let config: JSON.Object = [
            "file": "", "url": "ftp://x", "count": 10, "ratio": "half", "on": 1, "mode": "c",
            "names": ["long one", "b", "c"], "inner": [:], "extra": 1,
        ]
        let failure = #expect(throws: PluginManifest.Faults.self) {
            try schema.resolve(config, in: "/")
        }
        #expect(
            failure?.list == [
                "config.extra: the plugin has no such setting", "config.key: missing",
                "config.file: not a file's name", "config.url: not a web address",
                "config.count: not from 1 to 9", "config.ratio: not a number",
                "config.on: not true or false", "config.mode: not one of \"a\", \"b\"",
                "config.names: more than 2 entries", "config.names[0]: longer than 3 characters",
                "config.inner.depth: missing",
            ]
        )
    }
}
