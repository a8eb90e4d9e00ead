import JSONCoding
import Model
import Testing
import Workflows

/// What follows from an answer or a result.
struct InterpreterTests {
    @Test func `it asks, acts, decides and ends as it is written`() throws {
        let shop = Shop()
        var move = shop.begin("please cancel it")
        #expect(move.texts == ["Which order?"])
        #expect(move.progress.wait == .answer)
        move = try #require(shop.answer(move, "it is #1001."))
        #expect(move.progress.wait == .action)
        #expect(move.progress.call == .init(action: "shop.look", input: ["order": "#1001"]))
        move = shop.acted(move, .done(["state": "packed"]))
        #expect(move.texts == ["Cancel {{order}}?"])
        #expect(move.asksYesNo)
        move = try #require(shop.answer(move, "yes please"))
        #expect(
            move.progress.call
                == .init(action: "shop.cancel", input: ["order": "#1001", "refund": true])
        )
        move = shop.acted(move, .done(["summary": "Cancelled."]))
        #expect(move.texts == ["It is cancelled."])
        #expect(move.progress.state == .done)
        #expect(move.progress.call == nil)
    }

    @Test func `what has been shipped is not cancelled, whatever anybody says`() throws {
        let shop = Shop()
        var move = shop.begin("cancel #1001 at once, I am allowed to")
        #expect(move.progress.call?.action == "shop.look")
        move = shop.acted(move, .done(["state": "SHIPPED"]))
        #expect(move.texts == ["It is on its way: send it back."])
        #expect(move.progress.state == .done)
    }

    @Test func `a question is not asked when the first words answer it`() {
        let move = Shop().begin("Cancel order #1001 please")
        #expect(move.progress.slots["order"] == "#1001")
        #expect(move.progress.wait == .action)
    }

    @Test func `a fact answers a question where the workflow says so`() {
        let move = Shop(facts: ["page.order": "#2002"]).begin("cancel it")
        #expect(move.progress.slots["order"] == "#2002")
    }

    @Test func `words that are no answer are asked about again, then a person goes on`() {
        let shop = Shop()
        let asked = shop.begin("cancel it")
        #expect(shop.answer(asked, "the blue one") == nil)
        let again = shop.interpreter.misunderstood(asked.progress)
        #expect(again.texts == ["It begins with #."])
        #expect(again.handOff == nil)
        let given = shop.interpreter.misunderstood(again.progress)
        #expect(given.handOff != nil)
        #expect(given.progress.state == .handedOff)
    }

    @Test func `a button of an earlier question answers no later one`() throws {
        let shop = Shop()
        var move = shop.acted(shop.begin("cancel #1001"), .done(["state": "packed"]))
        let old = move.progress.choice("yes")
        move = shop.interpreter.remind(move.progress)
        #expect(shop.interpreter.answer(move.progress, "Yes", choice: old) == nil)
        let new = move.progress.choice("yes")
        let pressed = try #require(shop.interpreter.answer(move.progress, "Yes", choice: new))
        #expect(pressed.progress.call?.action == "shop.cancel")
    }

    @Test func `an answer and nothing else is told from one with more in it`() {
        let shop = Shop()
        let asked = shop.begin("cancel it").progress
        #expect(shop.interpreter.isPlainAnswer(asked, "#1001", choice: nil))
        #expect(!shop.interpreter.isPlainAnswer(asked, "agent please, 1001", choice: nil))
        #expect(!shop.interpreter.isPlainAnswer(asked, "1001 or I call my lawyer", choice: nil))
        #expect(!shop.interpreter.isPlainAnswer(asked, "help me", choice: nil))
    }

    @Test func `no ends it and nothing is done`() throws {
        let shop = Shop()
        let move = shop.acted(shop.begin("cancel #1001"), .done(["state": "packed"]))
        let ended = try #require(shop.answer(move, "No, thanks"))
        #expect(ended.progress.state == .stopped)
        #expect(ended.progress.call == nil)
    }

    @Test func `what is for a person to do goes to one with everything filled in`() throws {
        let shop = Shop()
        var move = shop.acted(shop.begin("cancel #1001"), .done(["state": "packed"]))
        move = try #require(shop.answer(move, "yes"))
        move = shop.acted(move, .forPerson("The amount is over the limit."))
        #expect(move.handOff?.reason == "The amount is over the limit.")
        #expect(move.progress.call?.input == ["order": "#1001", "refund": true])
    }

    @Test func `a refusal goes where the workflow says, and to a person where it does not`() throws
    {
        let shop = Shop()
        let move = shop.begin("cancel #1001")
        let refused = shop.acted(move, .refused(code: "not_found", message: "no such order"))
        #expect(refused.texts == ["There is no order {{order}}."])
        var sure = shop.acted(move, .done(["state": "packed"]))
        sure = try #require(shop.answer(sure, "yes"))
        let failed = shop.acted(sure, .refused(code: "conflict", message: "a return is open"))
        #expect(failed.handOff?.reason.contains("a return is open") == true)
    }

    @Test func `each call of an action has a key of its own, and the same one when repeated`() {
        let shop = Shop()
        let one = shop.begin("cancel #1001").progress
        let other = shop.acted(shop.begin("cancel #1001"), .done(["state": "packed"])).progress
        #expect(one.key == shop.begin("cancel #1001").progress.key)
        #expect(one.key != other.key)
    }

    @Test func `steps that go in circles end with a person`() {
        let circle = Workflow(
            name: "circle",
            title: "Circle",
            steps: [.init("a", .say("Round.")), .init("b", .say("And round."), next: "a")]
        )
        let now = Timestamp(milliseconds: 1)
        let move = Interpreter(circle, at: now) { _, _ in nil }.begin(id: "wfr_1", words: "")
        #expect(move.handOff != nil)
    }

    @Test func `a run survives the log as it was`() throws {
        let shop = Shop()
        var move = shop.acted(shop.begin("cancel #1001"), .done(["state": "packed"]))
        move = try #require(shop.answer(move, "yes"))
        let event = Event.progressed(move.progress)
        let read = Event(kind: event.kind, payload: try JSON(parsing: event.payload))
        #expect(read == event)
    }

    @Test func `a drawing has every step and every way`() {
        let drawing = Shop.workflow.drawing
        #expect(drawing.hasPrefix("flowchart TD\n"))
        for index in Shop.workflow.steps.indices { #expect(drawing.contains("  s\(index)")) }
        #expect(drawing.contains("|\"look.state == shipped\"|"))
        #expect(drawing.contains("|\"failed\"|"))
    }
}

/// A workflow as a shop would write it.
private struct Shop {
    static let workflow = Workflow(
        name: "cancel",
        title: "Cancel an order",
        steps: [
            .init(
                "order",
                .ask(
                    .init(
                        "Which order?",
                        form: Mould("#0000").map(AnswerForm.code) ?? .text,
                        from: "page.order",
                        again: "It begins with #."
                    )
                )
            ),
            .init(
                "look",
                .perform(
                    action: "shop.look",
                    with: [.init("order", .known("order"))],
                    failed: "nowhere"
                )
            ),
            .init(
                "may",
                .decide(
                    [
                        .init(
                            when: [Condition("look.state == shipped")].compactMap { $0 },
                            then: "away"
                        )
                    ],
                    otherwise: "sure"
                )
            ),
            .init("sure", .confirm(text: "Cancel {{order}}?", no: nil)),
            .init(
                "cancel",
                .perform(
                    action: "shop.cancel",
                    with: [.init("order", .known("order")), .init("refund", .flag(true))],
                    failed: nil
                )
            ),
            .init("done", .end("It is cancelled.")),
            .init("away", .end("It is on its way: send it back.")),
            .init("nowhere", .end("There is no order {{order}}.")),
        ]
    )

    let interpreter: Interpreter

    init(facts: [String: JSON] = [:]) {
        interpreter = Interpreter(Self.workflow, at: Timestamp(milliseconds: 1)) { name, slots in
            let parts = name.split(separator: ".").map(String.init)
            var value = slots[parts[0]]
            for part in parts.dropFirst() { value = value?[part] }
            return value ?? facts[name]
        }
    }

    func begin(_ words: String) -> Move { interpreter.begin(id: "wfr_1", words: words) }

    func answer(_ move: Move, _ words: String) -> Move? {
        interpreter.answer(move.progress, words, choice: nil)
    }

    func acted(_ move: Move, _ result: ActionResult) -> Move {
        interpreter.acted(move.progress, result)
    }
}
