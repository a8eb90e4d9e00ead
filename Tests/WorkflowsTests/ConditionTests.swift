import JSONCoding
import Testing
import Workflows

/// What holds.
struct ConditionTests {
    private let known: [String: JSON] = [
        "total": 4999, "plan": "Pro", "paid": true, "text": "12.5", "look.state": "shipped",
    ]

    @Test(arguments: [
        "total <= 4999", "total < 5000", "total >= 4999", "total > 1", "total == 4999",
        "plan == pro", "plan != team", "plan in team, pro", "paid == true", "paid == yes",
        "text > 12", "look.state == \"shipped\"", "nothing missing", "plan known",
        "nothing != pro",
    ])
    func `it holds`(_ text: String) throws {
        #expect(try #require(Condition(text)).holds { known[$0] })
    }

    @Test(arguments: [
        "total < 4999", "total == 5", "plan == team", "plan in team, solo", "paid == false",
        "nothing known", "plan missing", "nothing <= 5", "plan > 3", "nothing == pro",
    ])
    func `it does not hold`(_ text: String) throws {
        #expect(try #require(Condition(text)).holds { known[$0] } == false)
    }

    @Test(arguments: [
        "", "total", "total <=", "total ~ 5", "total < many", "plan known well", "plan in",
    ])
    func `what is no condition is refused`(_ text: String) { #expect(Condition(text) == nil) }

    @Test func `a condition is written as it was read`() throws {
        for text in ["total <= 4999", "plan in team, pro", "plan known"] {
            #expect(try #require(Condition(text)).text == text)
        }
    }
}
