import Knowledge

/// Two intents far apart, one of them sensitive.
enum TestWorkspace {
    static let small = Workspace(intents: [
        IntentDefinition(
            name: "export",
            title: "Export my data",
            examples: [
                "how do I export my data", "download everything as a file",
                "I want to export my projects", "can I get a csv of my data",
                "export to spreadsheet please", "how can I download my projects",
                "where is the export button", "get my data out as csv",
                "save all my projects to a file", "is there an export",
            ],
            answer: .template("Open settings and choose **Export**.")
        ),
        IntentDefinition(
            name: "refund",
            title: "Get a refund",
            examples: [
                "I want my money back", "please refund my last payment",
                "refund me for this month", "you charged me, give it back",
                "can I get a refund", "return the money to my card",
                "I need a refund for the invoice", "reimburse my payment",
                "refund the charge from yesterday", "how do I get my money back",
            ],
            answer: .handOff(skill: "billing"),
            isSensitive: true
        ),
    ])
}
