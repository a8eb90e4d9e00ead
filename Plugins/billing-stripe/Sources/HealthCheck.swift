// SPDX-License-Identifier: Apache-2.0

import MaitredPluginKit

/// Whether the key may read what facts are made of.
///
/// Not the account: a restricted key would need one more permission for that. Whether it may
/// write cannot be known without writing.
struct HealthCheck: Sendable {
    private struct Anything: Decodable, Sendable {}

    private let api: StripeAPI

    init(_ config: StripePlugin.Config, _ call: Call) { api = StripeAPI(config, call) }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for path in ["customers", "subscriptions", "invoices", "charges", "products"] {
                group.addTask {
                    let _: Page<Anything> = try await api.get(path, [("limit", "1")])
                }
            }
            try await group.waitForAll()
        }
    }
}
