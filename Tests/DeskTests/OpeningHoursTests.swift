import Desk
import Model
import Testing

/// When a team is there.
struct OpeningHoursTests {
    private let berlin = OpeningHours(
        timeZone: "Europe/Berlin",
        spans: (OpeningHours.spans("mon-fri 09:00-17:30") ?? [])
            + (OpeningHours.spans("sat 22:00-02:00") ?? []),
        closedOn: ["2026-12-25"]
    )

    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

    @Test(arguments: [
        // A Thursday in summer, two hours before UTC's clock says so.
        ("2026-07-02T07:00:00Z", true), ("2026-07-02T06:59:59Z", false),
        ("2026-07-02T15:29:59Z", true), ("2026-07-02T15:30:00Z", false),
        // The same in winter.
        ("2026-12-03T08:00:00Z", true), ("2026-12-03T07:59:59Z", false),
        ("2026-12-25T10:00:00Z", false), ("2026-07-05T10:00:00Z", false),
        // From Saturday's evening into Sunday.
        ("2026-07-04T20:00:00Z", true), ("2026-07-04T23:59:00Z", true),
        ("2026-07-05T00:00:00Z", false),
    ])
    func `it is open by the team's own clock`(at: String, isOpen: Bool) throws {
        #expect(berlin.isOpen(at: try time(at)) == isOpen)
    }

    @Test(arguments: [
        ("2026-07-02T05:00:00Z", "2026-07-02T07:00:00.000Z"),
        ("2026-07-03T16:00:00Z", "2026-07-04T20:00:00.000Z"),
        // Over Christmas, and over a Sunday.
        ("2026-12-24T17:00:00Z", "2026-12-26T21:00:00.000Z"),
        ("2026-07-05T00:30:00Z", "2026-07-06T07:00:00.000Z"),
        // The clocks go back in the night to Sunday: Monday begins an hour later by UTC.
        ("2026-10-25T01:30:00Z", "2026-10-26T08:00:00.000Z"),
    ])
    func `the next opening is the first one that is not over`(after: String, opens: String) throws {
        #expect(berlin.opens(after: try time(after))?.description == opens)
    }

    @Test func `who is open does not open, and who has no hours never does`() throws {
        #expect(berlin.opens(after: try time("2026-07-02T10:00:00Z")) == nil)
        let never = OpeningHours(timeZone: "Europe/Berlin", spans: [])
        #expect(never.opens(after: try time("2026-07-02T10:00:00Z")) == nil)
    }

    @Test(arguments: [
        ("mon-fri 09:00-17:30", 5), ("Sat,Sun 10:00-14:00", 2), ("fri-mon 08:00-09:00", 4),
        ("mon 20:00-04:00", 2), ("mon 20:00-00:00", 1), ("sun 00:00-24:00", 1),
    ])
    func `hours are written as people write them`(text: String, count: Int) {
        #expect(OpeningHours.spans(text)?.count == count)
    }

    @Test(arguments: [
        "", "mon", "mon 9-17", "mon 09:00", "mon 09:00-09:00", "xyz 09:00-10:00",
        "mon 25:00-26:00", "mon 09:60-10:00", "mon-tue-wed 09:00-10:00", "mon 09:00-24:01",
        "mon 24:00-08:00", "mon, 09:00-10:00",
    ])
    func `what is not hours is not taken for them`(text: String) {
        #expect(OpeningHours.spans(text) == nil)
    }
}
