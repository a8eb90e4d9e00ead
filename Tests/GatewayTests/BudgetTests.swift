import Gateway
import Model
import Testing

struct BudgetTests {
    private static let rate = RateBudget.Rate(perSecond: 10, burst: 5)

    private static func time(_ milliseconds: Int64) -> SteadyTime {
        SteadyTime(milliseconds: milliseconds)
    }

    @Test func `who comes back finds the budget as they left it`() {
        let book = BudgetBook(Self.rate)
        for _ in 0..<5 {
            let granted = book.budget(of: "ada", at: Self.time(0)).take(at: Self.time(0))
            #expect(granted == nil)
        }
        let excess = book.budget(of: "ada", at: Self.time(0)).take(at: Self.time(0))
        #expect(excess?.wait == .milliseconds(100))
        #expect(book.budget(of: "bob", at: Self.time(0)).take(at: Self.time(0)) == nil)
        #expect(book.budget(of: "ada", at: Self.time(100)).take(at: Self.time(100)) == nil)
    }

    @Test func `a budget is not forgotten while somebody holds it or it is not full`() {
        let book = BudgetBook(Self.rate)
        let held = book.budget(of: "held", at: Self.time(0))
        for _ in 0..<5 {
            _ = book.budget(of: "spent", at: Self.time(1000)).take(at: Self.time(1000))
        }
        for number in 0..<10_000 { _ = book.budget(of: "\(number)", at: Self.time(1000)) }
        #expect(book.budget(of: "held", at: Self.time(1000)) === held)
        let spent = book.budget(of: "spent", at: Self.time(1000)).take(at: Self.time(1000))
        #expect(spent != nil)
    }

    @Test func `names without end fill no memory`() {
        let book = BudgetBook(Self.rate)
        for number in 0..<50_000 {
            let now = Self.time(Int64(number))
            _ = book.budget(of: "\(number)", at: now).take(at: now)
        }
        #expect(book.count <= 2048)
    }

    @Test func `who does not listen for long is told apart from who is only too fast`() {
        let budget = BudgetBook(Self.rate).budget(of: "ada", at: Self.time(0))
        let answers = (0..<60).map { _ in budget.take(at: Self.time(0)) }
        #expect(answers.prefix(5).allSatisfy { $0 == nil })
        #expect(answers[5..<55].allSatisfy { $0?.isDeaf == false })
        #expect(answers[55...].allSatisfy { $0?.isDeaf == true })
        #expect(answers[55]?.wait == .milliseconds(500))
        // After as long as they were told they are heard again.
        #expect(budget.take(at: Self.time(500)) == nil)
    }
}
