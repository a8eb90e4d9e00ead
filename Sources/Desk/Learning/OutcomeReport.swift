import Model
import Triage

/// What another program says came of a text.
package struct OutcomeReport: Sendable {
    package var text: String
    package var context: [String]
    package var contact: Contact?
    package var verdict: Outcome.Verdict
    /// The customer was given the answer of the intent read first.
    package var wasAnswered: Bool
    /// The intent whose answer that was, where it is known; else what is read first now.
    package var answered: String?
    /// A repeat of it changes nothing.
    package var reference: String?

    package init(
        text: String,
        context: [String],
        contact: Contact?,
        verdict: Outcome.Verdict,
        wasAnswered: Bool,
        answered: String?,
        reference: String?
    ) {
        self.text = text
        self.context = context
        self.contact = contact
        self.verdict = verdict
        self.wasAnswered = wasAnswered
        self.answered = answered
        self.reference = reference
    }
}

extension TriageDesk {
    /// Has something learned that another program knows, once it is kept.
    ///
    /// Each report may bring a word by which a repeat is recognised.
    package func learn(from reports: [OutcomeReport], at time: Timestamp) async throws(LogFailure) {
        guard let book else { return }
        let core = current.core
        let entries = reports.map { report in
            var entry = LearningEntry(
                report.verdict,
                of: Scrubber(report.contact).scrub(report.text),
                context: report.context.filter { Scrubber(report.contact).scrub($0) == $0 },
                reading: core.read(report.text, context: report.context),
                wasAnswered: report.wasAnswered,
                witness: .program,
                rule: "reported",
                at: time
            )
            entry.reference = report.reference
            if report.wasAnswered, let answered = report.answered { entry.answered = answered }
            return entry
        }
        try await book.keep(entries, readUpTo: nil)
        try await learn()
    }
}
