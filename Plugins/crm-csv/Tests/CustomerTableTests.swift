import CrmCsv
import MaitredPluginKit
import Testing

struct CustomerTableTests {
    private func table(_ text: String, columns: [String] = []) throws -> CustomerTable {
        try CustomerTable(CSVReader(Array(text.utf8)), keyColumn: "email", columns: columns)
    }

    @Test func `finds a customer whatever the case, and keeps the order of columns`() throws {
        let table = try table("plan,email,tier\n Pro ,Ada@Example.com,gold\n")
        let facts = try #require(table.facts(of: " ADA@example.COM ", title: "CRM"))
        #expect(facts.title == "CRM")
        #expect(facts.names == ["plan", "tier"])
        #expect(facts["plan"] == "Pro")
        #expect(table.facts(of: "bob@example.com", title: "CRM") == nil)
    }

    @Test(arguments: [
        ("25", Facts.Value.integer(25)), ("-3", .integer(-3)), ("12.50", .number(12.5)),
        ("007", "007"), ("+49 30", "+49 30"), ("1e5", "1e5"), ("1.2.3", "1.2.3"), (".5", ".5"),
        ("True", true), ("2027-03-01", "2027-03-01"),
    ])
    func `passes on as numbers only what loses nothing`(_ text: String, _ value: Facts.Value) throws
    {
        let table = try table("email,x\na@b.c,\(text)\n")
        #expect(table.facts(of: "a@b.c", title: "")?["x"] == value)
    }

    @Test func `leaves out empty fields, and customers without any`() throws {
        let table = try table("email,x,y\na@b.c,,1\nd@e.f,,\n")
        #expect(table.facts(of: "a@b.c", title: "")?.names == ["y"])
        #expect(table.facts(of: "d@e.f", title: "") == nil)
    }

    @Test func `shows the chosen columns in the chosen order`() throws {
        let table = try table("email,x,y,z\na@b.c,1,2,3\n", columns: ["z", "x"])
        #expect(table.facts(of: "a@b.c", title: "")?.names == ["z", "x"])
    }

    @Test func `lets the last of repeated customers count`() throws {
        let table = try table("email,x\na@b.c,1\nA@B.C,2\n")
        #expect(table.count == 1)
        #expect(table.facts(of: "a@b.c", title: "")?["x"] == 2)
    }

    @Test(arguments: [
        ("", CRMFailure.empty), ("name,x\n", .missingColumn("email")),
        ("email,x,x\n", .repeatedColumn("x")),
        ("email,x\na@b.c,1,2\n", .malformed(line: 2, .fieldCount(3, expected: 2))),
    ])
    func `refuses a file it cannot make sense of`(_ text: String, _ failure: CRMFailure) {
        #expect(throws: failure) { try table(text) }
    }
}
