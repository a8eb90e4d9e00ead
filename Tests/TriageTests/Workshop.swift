import Foundation
import Triage

/// A small workspace of our own: eight intents, a dozen ways to say each.
enum Workshop {
    static let texts: [(String, [String])] = [
        (
            "refund",
            [
                "I want my money back", "please refund my order", "how do I get a refund?",
                "give me back what I paid", "refund the last payment please",
                "I was promised a refund",
                "can you return my money", "my refund has not arrived",
                "reimburse me for the purchase",
                "I would like to be refunded", "where is my refund", "money back please",
            ]
        ),
        (
            "delivery",
            [
                "where is my parcel?", "my package has not arrived", "when will the delivery come",
                "track my shipment", "the courier never showed up", "how long does shipping take",
                "has my order been dispatched", "delivery is late again", "is my parcel on its way",
                "the package is lost", "what is the tracking number",
                "still waiting for the parcel",
            ]
        ),
        (
            "password",
            [
                "I forgot my password", "reset my password please",
                "cannot log in with my password",
                "how to change the password", "the password reset mail does not come",
                "new password needed", "my password is not accepted",
                "log in fails, wrong password",
                "I need to recover my password", "password link expired", "update my password",
                "where do I set a password",
            ]
        ),
        (
            "invoice",
            [
                "send me the invoice", "I need a copy of my bill", "where do I find invoices",
                "the invoice shows a wrong address", "download last month's invoice",
                "please add our VAT number to the invoice", "billing statement for March",
                "receipt for my payment", "our accountant needs the bills", "invoice as PDF please",
                "can I get a receipt", "change the address on the bill",
            ]
        ),
        (
            "cancel",
            [
                "cancel my subscription", "I want to end my plan", "how do I stop the renewal",
                "please terminate the contract", "close my account", "unsubscribe me",
                "do not renew my plan", "I would like to cancel", "stop my membership",
                "end the subscription today", "cancel everything", "how can I cancel the plan",
            ]
        ),
        (
            "export",
            [
                "export my data as CSV", "download all my data", "how do exports work",
                "can I get a CSV of the contacts", "the export is empty",
                "export fails with an error",
                "save the report to a spreadsheet", "get my data out", "is there an Excel export",
                "export the table please", "download the report", "CSV file is broken",
            ]
        ),
        (
            "team",
            [
                "invite a colleague", "add a new user to our team", "how do I give someone access",
                "change the role of a member", "remove a person from the team",
                "my coworker cannot see the project", "more seats for the team",
                "make her an administrator", "invite my teammates", "permissions of a user",
                "add members", "share the project with a colleague",
            ]
        ),
        (
            "greeting",
            [
                "hello", "hi there", "good morning", "hey", "good evening to you", "hello everyone",
                "hi, how are you", "greetings", "good afternoon", "hey there", "hello again", "hi",
            ]
        ),
    ]

    static var examples: [Example] {
        texts.flatMap { intent, texts in texts.map { Example(text: $0, intent: intent) } }
    }

    /// Trained once for all tests: n-grams alone, which a debug build manages in a moment.
    static let core = Trainer.train(examples, options: TrainingOptions(epochs: 6))

    /// Where the public sets are, when they are there at all.
    static var sharedData: URL? {
        let folder =
            ProcessInfo.processInfo.environment["MAITRED_SHARED_DATA"].map { URL(filePath: $0) }
            ?? URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "../shared/data").standardizedFileURL
        let isThere = FileManager.default.fileExists(atPath: folder.path())
        return isThere ? folder : nil
    }
}
