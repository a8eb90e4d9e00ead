import Foundation
import Testing
import Triage

/// Learning from one outcome after the other.
struct LearnerTests {
    private static let fresh = Learner(Workshop.examples)

    @Test func `the same lessons in the same order lead to the same core`() {
        let lessons = [
            Lesson(text: "my parcel is stuck at customs", meaning: .intent("delivery")),
            Lesson(text: "what is the weather like", meaning: .none),
            Lesson(text: "is the money coming back", meaning: .accepted("refund")),
            Lesson(text: "the bill is for somebody else", meaning: .refused("refund")),
        ]
        var one = Self.fresh
        var other = Self.fresh
        for lesson in lessons {
            one.learn(lesson)
            other.learn(lesson)
        }
        let texts = Workshop.examples.map(\.text) + lessons.map(\.text)
        for text in texts { #expect(one.core.read(text) == other.core.read(text)) }
        #expect(one.core.version == other.core.version)
        #expect(one.core.version != Self.fresh.core.version)
    }

    @Test func `what somebody names is known from then on`() {
        var learner = Self.fresh
        let text = "can you gift wrap the thing for my aunt"
        for _ in 0..<5 { learner.learn(Lesson(text: text, meaning: .intent("gift_wrapping"))) }
        #expect(learner.core.intents.last == "gift_wrapping")
        let reading = learner.core.read("please gift wrap it")
        #expect(reading.ranking.first?.intent == "gift_wrapping")
        #expect(reading.nearest?.text == text)
    }

    @Test func `a refusal lowers that intent and leaves the others alone`() {
        var options = Learner.Options()
        options.replays = 0
        var learner = Learner(Workshop.examples, options: options)
        let text = "refund or parcel, I wonder"
        func probability(_ intent: String) -> Float {
            let explanation = learner.core.explain(text, intent: intent, against: "password")
            return explanation?.margin ?? 0
        }
        let (refund, export) = (probability("refund"), probability("export"))
        for _ in 0..<10 { learner.learn(Lesson(text: text, meaning: .refused("refund"))) }
        #expect(probability("refund") < refund - 0.2)
        #expect(abs(probability("export") - export) < 1e-5)
    }

    /// Any text, any intent: what was learned of it goes back when it is taken back.
    @Test func `what is learned can be unlearned`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<10 {
            let example = try #require(Workshop.examples.randomElement(using: &random))
            let text = example.text + " and \(["ferns", "boats", "songs"].randomElement() ?? "")"
            let intent = try #require(Self.fresh.core.intents.randomElement(using: &random))
            var learner = Self.fresh
            func margin() -> Float {
                let rival = learner.core.intents.first { $0 != intent }
                return learner.core.explain(text, intent: intent, against: rival)?.margin ?? 0
            }
            let before = margin()
            for _ in 0..<4 { learner.learn(Lesson(text: text, meaning: .accepted(intent))) }
            let learned = margin()
            #expect(learned > before)
            for _ in 0..<4 { learner.learn(Lesson(text: text, meaning: .refused(intent))) }
            #expect(margin() < learned)
            #expect(abs(margin() - before) < abs(learned - before) + 1)
        }
    }

    @Test func `earlier copies of the core do not change`() {
        var learner = Self.fresh
        let before = learner.core
        let reading = before.read("where is my parcel?")
        for _ in 0..<20 {
            learner.learn(Lesson(text: "where is my parcel?", meaning: .intent("refund")))
        }
        #expect(before.read("where is my parcel?") == reading)
        #expect(learner.core.read("where is my parcel?") != reading)
    }

    @Test func `explanations still add up after learning`() throws {
        var learner = Self.fresh
        for text in ["the parcel of my neighbour", "an invoice in Spanish", "stop it all"] {
            learner.learn(
                Lesson(text: text, context: ["page=orders"], meaning: .intent("delivery"))
            )
        }
        let text = "stop the parcel and the invoice"
        let explanation = try #require(learner.core.explain(text, context: ["page=orders"]))
        #expect(abs(explanation.residual) < 1e-4)
    }

    /// Every fourth answer of an intent is wrong, the others are right.
    @Test func `an intent that is often wrong is paused, and comes back when it is right again`() {
        var learner = Self.fresh
        func observe(_ isRight: Bool) throws {
            let reading = learner.core.read("I want my money back")
            learner.observe(
                Observation(
                    intent: "refund",
                    evidence: try #require(reading.evidence),
                    confidence: 1,
                    isRight: isRight,
                    wasAnswered: !learner.isPaused("refund")
                )
            )
        }
        for index in 0..<24 { try? observe(index % 4 != 0) }
        #expect(learner.paused == ["refund"])
        #expect(!learner.isPaused("delivery"))
        for _ in 0..<60 { try? observe(true) }
        #expect(learner.paused.isEmpty)
    }

    /// First confidence is deserved, then the same confidence is right half of the time only.
    @Test func `the threshold follows a stream that drifts`() throws {
        var learner = Self.fresh
        let readings = Workshop.examples.compactMap { example in
            learner.core.read(example.text)
        }
        func feed(_ count: Int, errorEvery period: Int) {
            for index in 0..<count {
                let reading = readings[index % readings.count]
                guard let evidence = reading.evidence, let top = reading.ranking.first else {
                    return
                }
                learner.observe(
                    Observation(
                        intent: top.intent,
                        evidence: evidence,
                        confidence: reading.confidence,
                        isRight: index % period != 0,
                        wasAnswered: reading.confidence >= learner.threshold
                    )
                )
            }
        }
        feed(1500, errorEvery: 200)
        let calm = learner.threshold
        #expect(calm < 1)
        feed(3000, errorEvery: 2)
        #expect(learner.threshold > calm)
        #expect(learner.threshold > 1)
    }

    @Test func `a simulation learns, and keeps its target`() throws {
        let half = Workshop.examples.enumerated()
        let simulation = Simulation(
            examples: half.filter { $0.offset % 2 == 0 }.map(\.element),
            stream: (0..<40).flatMap { _ in half.filter { $0.offset % 2 == 1 }.map(\.element) },
            embeddings: nil
        )
        #expect(simulation.whole.messages == 40 * Workshop.examples.count / 2)
        #expect(simulation.last.automation > simulation.first.automation)
        #expect(simulation.last.precision > 0.95)
    }
}

/// What outlives a restart, and what strangers can do.
struct LearnerLifeTests {
    private static let lessons = (0..<40).map { number in
        Lesson(
            text: "gift \(["wrap", "card", "box", "tag"][number % 4]) for aunt \(number)",
            context: number % 2 == 0 ? ["page=orders"] : [],
            meaning: number % 5 == 0 ? .none : .intent(number % 3 == 0 ? "gifts" : "delivery")
        )
    }

    private func observe(_ learner: inout Learner, _ text: String, isTrusted: Bool = true) {
        let reading = learner.core.read(text)
        guard let top = reading.ranking.first, let evidence = reading.evidence else { return }
        learner.observe(
            Observation(
                intent: top.intent,
                evidence: evidence,
                confidence: reading.confidence,
                isRight: isTrusted && text.count % 7 != 0,
                wasAnswered: true,
                isTrusted: isTrusted
            )
        )
    }

    /// Every cut of the stream: what is written and opened there ends where the other one ends.
    @Test(arguments: [0, 1, 13, 39])
    func `a learner goes on from its file as if it had not stopped`(
        cut: Int
    ) throws {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "learner-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        var whole = Learner(Workshop.examples)
        var halted = whole
        for (number, lesson) in Self.lessons.enumerated() {
            if number == cut {
                try halted.write(to: file)
                halted = try Learner(contentsOf: file, embeddings: nil)
            }
            for _ in 0..<5 {
                observe(&whole, lesson.text)
                observe(&halted, lesson.text)
            }
            whole.learn(lesson)
            halted.learn(lesson)
        }
        #expect(whole.threshold == halted.threshold)
        #expect(whole.core.version == halted.core.version)
        for text in Workshop.examples.map(\.text) + Self.lessons.map(\.text) {
            #expect(whole.core.read(text) == halted.core.read(text))
        }
        try whole.write(to: file)
        let one = try Data(contentsOf: file)
        try halted.write(to: file)
        #expect(try Data(contentsOf: file) == one)
    }

    @Test func `a thousand strangers neither silence an intent nor move the threshold`() {
        var learner = Learner(Workshop.examples)
        for number in 0..<400 { observe(&learner, Workshop.examples[number % 20].text) }
        let (threshold, paused) = (learner.threshold, learner.paused)
        for _ in 0..<1000 { observe(&learner, "I want my money back", isTrusted: false) }
        #expect(learner.paused == paused)
        #expect(abs(learner.threshold - threshold) < 0.1)
    }

    @Test func `strangers alone teach nothing`() {
        var learner = Learner(Workshop.examples)
        let before = learner.threshold
        for _ in 0..<1000 { observe(&learner, "I want my money back", isTrusted: false) }
        #expect(learner.threshold == before)
        #expect(learner.paused.isEmpty)
    }
}
