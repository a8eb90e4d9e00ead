/// How sure the assistant must be before it answers by itself, as `automation.yaml` says.
///
/// One share of right answers for the workspace, and others for sites and for customers of a tier;
/// intents name their own. Of those that apply the strictest holds.
package struct Automation: Hashable, Sendable {
    /// The share of answers that are to be right.
    package var precision = 0.95
    /// The same on one site, by its key.
    package var sites: [String: Double] = [:]
    /// The same for customers of a tier, by the value of the fact ``tierFact``.
    package var tiers: [String: Double] = [:]
    /// The fact that names a customer's tier.
    package var tierFact = "tier"
    /// The fact that says what a customer is worth, as a number.
    package var valueFact = "value"
    /// From this worth on more certainty is asked for; nil for never.
    package var highValue: Double?

    package init() {}

    static func read(_ text: String, file: String, faults: FaultList) -> Automation? {
        guard let fields = YAMLFields.document(text, file: file, faults: faults) else { return nil }
        defer { fields.finish() }
        var automation = Automation()
        automation.precision = fields.share("precision") ?? automation.precision
        automation.sites = fields.shares("sites")
        automation.tiers = fields.shares("tiers")
        automation.tierFact = fields.text("tier_fact", limit: 60) ?? automation.tierFact
        automation.valueFact = fields.text("value_fact", limit: 60) ?? automation.valueFact
        automation.highValue = fields.decimal("high_value", in: 0...1e12)
        return automation
    }
}
