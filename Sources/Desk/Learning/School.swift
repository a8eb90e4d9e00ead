import Knowledge
import Model
import Triage

/// A workspace's learner with what it has been taught: entries of the book, in order.
///
/// The same examples and the same entries lead to the same learner. Belongs to the training queue.
struct School {
    /// The hash of everything that training saw.
    let content: String
    private(set) var learner: Learner
    /// The number of the last entry taken in.
    private(set) var upTo: Int64
    private let intentsAtFirst: Int
    private(set) var standings: [String: Standing] = [:]
    /// What strangers have been heard on that day: intent and contact.
    private var strangers: Set<String> = []
    private var day: Int64 = 0
    /// Lessons that have been learned: said twice they are no new evidence about words.
    private var taught: Set<UInt64> = []

    /// - Parameters:
    ///   - content: The name of what it is made from.
    ///   - learner: As trained, or as kept.
    ///   - upTo: The last entry that the learner knows.
    ///   - intents: How many intents the workspace has.
    init(content: String, learner: Learner, upTo: Int64, intents: Int) {
        self.content = content
        self.learner = learner
        intentsAtFirst = intents
        self.upTo = upTo
        standings = Dictionary(
            uniqueKeysWithValues: learner.core.intents.compactMap { intent in
                standing(of: intent).map { (intent, $0) }
            }
        )
    }

    /// Takes an entry in, and says what it changes about what intents may do.
    ///
    /// Entries that the learner knew when it was opened are only remembered.
    mutating func take(_ entry: LearningEntry) -> [StandingChange] {
        let isKnown = entry.id <= upTo
        upTo = max(upTo, entry.id)
        guard entry.voidedAt == nil else { return [] }
        if entry.verdict == .silent {
            if !isKnown, entry.answered != nil { learner.observeSilence() }
            return []
        }
        guard entry.verdict != .unanswered, isHeard(entry) else { return [] }
        let lesson = lesson(from: entry)
        let isNew = lesson.map { taught.insert(Self.fingerprint($0)).inserted }
        guard !isKnown else { return [] }
        if let observation = observation(from: entry) { learner.observe(observation) }
        if let lesson, isNew == true { learner.learn(lesson) }
        return changes(after: entry)
    }

    /// Strangers are heard once a day on an intent, each.
    private mutating func isHeard(_ entry: LearningEntry) -> Bool {
        guard !entry.isTrusted, let stranger = entry.stranger else { return true }
        if entry.day > day {
            strangers = []
            day = entry.day
        }
        return strangers.insert("\(stranger) \(entry.read ?? "")").inserted
    }

    /// FNV-1a over what a lesson says; texts that differ in case only are the same.
    private static func fingerprint(_ lesson: Lesson) -> UInt64 {
        "\(lesson.meaning)\u{0}\(lesson.text.lowercased())".utf8
            .reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    // MARK: - What is learned

    private func observation(from entry: LearningEntry) -> Observation? {
        guard let read = entry.read else { return nil }
        let isRight: Bool
        var isUnknown = false
        switch entry.verdict {
        case .accepted: isRight = true
        case .refused: isRight = false
        case .meant(let intent):
            isRight = intent == read
            isUnknown = !learner.core.intents.contains(intent)
        case .noneOfThem:
            isRight = false
            isUnknown = true
        case .silent, .unanswered: return nil
        }
        // Whether another answer was right says nothing about what was read first.
        if !isLabel(entry), entry.answered != read { return nil }
        return Observation(
            intent: read,
            evidence: entry.evidence,
            confidence: Float(entry.confidence),
            isRight: isRight,
            isUnknown: isUnknown,
            wasAnswered: entry.answered != nil,
            isTrusted: entry.isTrusted
        )
    }

    private func isLabel(_ entry: LearningEntry) -> Bool {
        switch entry.verdict {
        case .meant, .noneOfThem: true
        case .accepted, .refused, .silent, .unanswered: false
        }
    }

    /// Weights move on what agents and identified customers say, and on nothing else.
    private func lesson(from entry: LearningEntry) -> Lesson? {
        guard entry.isTrusted, !entry.text.isEmpty else { return nil }
        let meaning: Lesson.Meaning
        switch entry.verdict {
        case .accepted:
            guard let answered = entry.answered else { return nil }
            meaning = .accepted(answered)
        case .refused:
            guard let answered = entry.answered else { return nil }
            meaning = .refused(answered)
        case .meant(let intent):
            guard mayName(intent, entry) else { return nil }
            meaning = .intent(intent)
        case .noneOfThem: meaning = .none
        case .silent, .unanswered: return nil
        }
        return Lesson(text: entry.text, context: entry.context, meaning: meaning)
    }

    /// Intents that are new to the workspace and may be named by people in all.
    private static let maximumNew = 200

    /// Whether somebody may teach an intent: customers those that exist, others new ones with a good
    /// name too.
    private func mayName(_ intent: String, _ entry: LearningEntry) -> Bool {
        if learner.core.intents.contains(intent) { return true }
        return entry.witness != .customer && Slug.isValid(intent)
            && learner.core.intents.count < intentsAtFirst + Self.maximumNew
    }

    // MARK: - Standings

    private func standing(of intent: String) -> Standing? {
        if learner.isPaused(intent) { return .held }
        return learner.isProven(intent) ? .proven : nil
    }

    private mutating func changes(after entry: LearningEntry) -> [StandingChange] {
        var touched = [entry.read, entry.answered].compactMap { $0 }
        if case .meant(let intent) = entry.verdict { touched.append(intent) }
        var changes: [StandingChange] = []
        for intent in Set(touched).sorted() {
            let standing = standing(of: intent)
            guard standing != standings[intent] else { continue }
            let before = standings[intent]
            standings[intent] = standing
            changes.append(
                StandingChange(
                    entry: entry.id,
                    intent: intent,
                    standing: standing,
                    because: sentence(intent, from: before, to: standing),
                    at: entry.at
                )
            )
        }
        return changes
    }

    private func sentence(_ intent: String, from before: Standing?, to after: Standing?) -> String {
        let record = learner.record(of: intent)
        let share = record.all > 0 ? Int((record.right / record.all * 100).rounded()) : 0
        let recent = "of the latest \(Int(record.all.rounded())) answers \(share) % were right"
        switch (before, after) {
        case (_, .held?): return "Held back: \(recent)."
        case (_, .proven?): return "Proven: \(recent)."
        case (.held?, nil): return "Answered again: \(recent)."
        case (_, nil): return "No longer proven: \(recent)."
        }
    }
}
