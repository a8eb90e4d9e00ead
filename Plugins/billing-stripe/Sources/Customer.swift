// SPDX-License-Identifier: Apache-2.0

/// A customer, with the subscriptions that have not ended when they were asked for.
struct Customer: Decodable, Sendable {
    let id: String
    let created: Int
    let livemode: Bool
    let deleted: Bool?
    let subscriptions: Page<Subscription>?
}
