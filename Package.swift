// swift-tools-version: 6.2
import PackageDescription

// Targets stand in layer order: imports go downward only. ARCHITECTURE.md has the map.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let cSettings: [CSetting] = [
    .enableWarning("all"), .enableWarning("extra"),
    // libseccomp's macros leave fields out.
    .disableWarning("missing-field-initializers"),
    .treatAllWarnings(as: .error),
]

/// A module map for a C library that Debian packages.
func system(_ name: String, apt: String) -> Target {
    .systemLibrary(name: name, providers: [.apt([apt])])
}

/// A Swift target of ours; with `tests`, also its test target, which needs these besides.
func target(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    resources: [Resource]? = nil,
    exclude: [String] = [],
    settings: [SwiftSetting] = settings,
    tests: [Target.Dependency]? = nil,
    fixtures: [String] = []
) -> [Target] {
    let target = Target.target(
        name: name,
        dependencies: dependencies,
        exclude: exclude,
        resources: resources,
        swiftSettings: settings
    )
    guard let tests else { return [target] }
    return [
        target,
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.byName(name: name)] + tests,
            exclude: fixtures,
            swiftSettings: settings
        ),
    ]
}

/// For libraries that show nothing but a plugin's entry point.
///
/// Not under ThreadSanitizer (`Tests/Threads/run`): what it puts in the place of other libraries' functions
/// would be hidden with the rest, as the tests' program is linked with this too.
let entryOnly: [LinkerSetting] =
    Context.environment["MAITRED_THREADS"] == "1"
    ? []
    : [
        .unsafeFlags([
            "-Xlinker",
            "--version-script=\(Context.packageDirectory)/Sources/CMaitredPlugin/exports.map",
        ])
    ]

/// A plugin of ours: a folder below Plugins that becomes a library exporting only its entry point.
///
/// Integrations with other services are tested in Python, against servers that play those.
func plugin(_ name: String, _ target: String, swift: Bool, unitTests: Bool = false) -> [Target] {
    guard swift else {
        return [
            .target(
                name: target,
                dependencies: ["CMaitredPlugin"],
                path: "Plugins/\(name)",
                exclude: ["README.md", "plugin.json"],
                sources: ["Sources"],
                publicHeadersPath: "Sources",
                cSettings: cSettings,
                linkerSettings: entryOnly
            )
        ]
    }
    let library: Target =
        .target(
            name: target,
            dependencies: ["MaitredPluginKit", "CMaitredPlugin"],
            path: "Plugins/\(name)",
            exclude: ["README.md", "Tests"],
            sources: ["Sources"],
            resources: [.embedInCode("plugin.json")],
            swiftSettings: settings,
            linkerSettings: entryOnly
        )
    guard unitTests else { return [library] }
    return [
        library,
        .testTarget(
            name: "\(target)Tests",
            dependencies: [.byName(name: target), "MaitredPluginKit"],
            path: "Plugins/\(name)/Tests",
            swiftSettings: settings
        ),
    ]
}

func product(_ name: String, in package: String) -> Target.Dependency {
    .product(name: name, package: package)
}

let arguments = product("ArgumentParser", in: "swift-argument-parser")
let httpTypes = product("HTTPTypes", in: "swift-http-types")
let logging = product("Logging", in: "swift-log")
let lifecycle = product("ServiceLifecycle", in: "swift-service-lifecycle")

var targets: [Target] = [
    system("CLibWebSockets", apt: "libwebsockets-dev"),
    system("COpenSSL", apt: "libssl-dev"),
    system("CJose", apt: "libcjose-dev"),
    system("CMarkdown", apt: "libcmark-gfm-dev"),
    system("CLibCurl", apt: "libcurl4-openssl-dev"),
    .target(
        name: "CSimdJSON",
        cxxSettings: [.treatAllWarnings(as: .error)],
        linkerSettings: [.linkedLibrary("simdjson")]
    ),
    .target(
        name: "CAllocator",
        cSettings: cSettings,
        linkerSettings: [.linkedLibrary("jemalloc")]
    ),
    .target(
        name: "CSQLiteWrites",
        cSettings: cSettings,
        linkerSettings: [.linkedLibrary("sqlite3")]
    ),
    .target(name: "CMaitredPlugin", exclude: ["exports.map"], cSettings: cSettings),
]

// 1 Values.
targets += target("JSONCoding", ["CSimdJSON"], tests: [])
targets += target("Model", ["JSONCoding"], tests: ["JSONCoding"])
// Training is arithmetic: without the optimiser a debug build takes a hundred times as long.
targets += target(
    "Triage",
    resources: [.copy("Resources/static-embeddings"), .copy("Resources/sentences")],
    settings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))],
    tests: []
)
targets += target(
    "Workflows",
    ["Model", "JSONCoding"],
    tests: ["Model", "JSONCoding"]
)
targets += target(
    "Knowledge",
    [
        "Model", "Workflows", "JSONCoding", "CMarkdown", product("Yams", in: "Yams"),
        product("Mustache", in: "swift-mustache"),
    ],
    resources: [.copy("Resources/starter")],
    tests: ["Model", "Workflows", "JSONCoding"]
)

// 2 Behaviour.
targets += target(
    "Desk",
    ["Model", "Triage", "Knowledge", "Workflows", "JSONCoding"],
    tests: ["MaitredTesting", "Model", "Knowledge", "Workflows", "JSONCoding", "Triage"]
)

// 3 Adapters.
targets += target(
    "Store",
    [
        "CSQLiteWrites", "Credentials", "Desk", "Knowledge", "Model", "JSONCoding", logging,
        product("GRDB", in: "GRDB.swift"), product("GRDBSQLite", in: "GRDB.swift"),
    ],
    tests: [
        "CSQLiteWrites", "Desk", "Knowledge", "Model", "JSONCoding",
        product("GRDB", in: "GRDB.swift"),
    ]
)
targets += target(
    "Transport",
    ["CLibWebSockets", httpTypes, logging],
    tests: ["CLibWebSockets", httpTypes, logging]
)
targets += target(
    "Credentials",
    ["COpenSSL", "CJose", "JSONCoding"],
    tests: ["COpenSSL", "JSONCoding"]
)
targets += target("Egress", ["CLibCurl"], tests: [])
targets += target(
    "PluginHost",
    ["Desk", "Egress", "Credentials", "Workflows", "Model", "JSONCoding", logging],
    resources: [.copy("Templates")],
    tests: [
        "Credentials", "Desk", "Egress", "Model", "JSONCoding", "MaitredPluginKit", logging,
    ],
    fixtures: ["Fixtures"]
)

// 4 Edge.
targets += target(
    "Gateway",
    [
        "Desk", "Store", "Transport", "Credentials", "Egress", "PluginHost", "Knowledge",
        "Workflows",
        "Model", "JSONCoding", "Triage", httpTypes, logging,
    ],
    resources: [.embedInCode("HTTP/Schemas/triage.schema.json")],
    exclude: ["Wire/Messages", "Wire/errors.json", "Wire/types.json", "Wire/introduction.md"],
    tests: [
        "MaitredTesting", "Desk", "Store", "Transport", "Credentials", "Egress", "Knowledge",
        "Triage",
        "Model", "JSONCoding",
    ]
)

// 5 Programs.
targets += [
    .executableTarget(
        name: "maitred",
        dependencies: [
            "Gateway", "Desk", "Store", "Transport", "Credentials", "Egress", "PluginHost",
            "Knowledge", "Triage", "Model", "JSONCoding", "CAllocator", arguments, logging,
            lifecycle,
            product("UnixSignals", in: "swift-service-lifecycle"), product("Yams", in: "Yams"),
        ],
        swiftSettings: settings
    ),
    .executableTarget(
        name: "maitred-plugin-host",
        dependencies: ["CMaitredPlugin"],
        cSettings: cSettings,
        linkerSettings: [.linkedLibrary("seccomp")]
    ),
    .target(
        name: "CBench",
        cSettings: cSettings,
        linkerSettings: [
            .linkedLibrary("websockets"), .linkedLibrary("uv"), .linkedLibrary("sqlite3"),
            .linkedLibrary("ssl"), .linkedLibrary("crypto"),
        ]
    ),
    // Not among the plugins: nobody is to run it but the bench.
    .target(
        name: "BenchPlugin",
        dependencies: ["CMaitredPlugin"],
        cSettings: cSettings,
        linkerSettings: entryOnly
    ),
    .executableTarget(
        name: "maitred-bench",
        dependencies: ["CBench", "Triage", "JSONCoding", arguments],
        swiftSettings: settings
    ),
]

// What plugin authors and tests build on, and the plugins of our own.
targets += target("MaitredPluginKit", ["CMaitredPlugin"])
targets += target(
    "MaitredTesting",
    [
        "Gateway", "Desk", "Store", "Transport", "Credentials", "Egress", "Knowledge", "Workflows",
        "Triage", "Model", "JSONCoding", httpTypes, logging,
    ]
)
targets += plugin("crm-csv", "CrmCsv", swift: true, unitTests: true)
targets += plugin("hello-c", "HelloC", swift: false)
let integrations = [
    ("billing-stripe", "BillingStripe"), ("crm-hubspot", "CrmHubspot"),
    ("orders-shopify", "OrdersShopify"), ("bugs-linear", "BugsLinear"),
    ("notify-slack", "NotifySlack"), ("llm-openai", "LlmOpenai"),
]
for (name, target) in integrations { targets += plugin(name, target, swift: true) }

// Only where fuzzers are built, see Tests/Fuzz/run: it links what sanitizers bring.
if Context.environment["MAITRED_FUZZ"] == "1" {
    targets += [
        // The sources of maitred-plugin-host that read frames, to be run many times in a process.
        .target(
            name: "CPluginProcess",
            dependencies: ["CMaitredPlugin"],
            path: "Tests/Fuzz/CPluginProcess",
            cSettings: cSettings + [
                .define("_exit", to: "plugin_process_exit"),
                .unsafeFlags(["-fsanitize=fuzzer-no-link"]),
            ]
        ),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "MaitredTesting", "Gateway", "Transport", "Credentials", "PluginHost", "Store",
                "Desk", "Knowledge", "Model", "JSONCoding", "CPluginProcess", httpTypes, logging,
            ],
            path: "Tests/Fuzz",
            exclude: ["CPluginProcess", "corpus", "run"],
            swiftSettings: settings,
            // gold, the usual linker, warns of each of the sanitizer's symbols.
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]
        ),
    ]
}

let package = Package(
    name: "maitred",
    products: [
        .executable(name: "maitred", targets: ["maitred"]),
        .executable(name: "maitred-plugin-host", targets: ["maitred-plugin-host"]),
        .library(name: "MaitredPluginKit", targets: ["MaitredPluginKit"]),
        .library(name: "Triage", targets: ["Triage"]),
        .library(name: "crm-csv", type: .dynamic, targets: ["CrmCsv"]),
        .library(name: "bench-plugin", type: .dynamic, targets: ["BenchPlugin"]),
        .library(name: "hello-c", type: .dynamic, targets: ["HelloC"]),
    ]
        + integrations.map { name, target in
            .library(name: name, type: .dynamic, targets: [target])
        },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: targets,
    cxxLanguageStandard: .cxx17
)
