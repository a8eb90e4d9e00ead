import ArgumentParser
import Foundation
import Gateway
import JSONCoding
import Store

/// `maitred init`: a new workspace.
struct Init: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a new workspace."
    )
    @Flag(help: "Fill it with the demo: sites, people, intents, articles, customers.")
    var demo = false
    @OptionGroup var data: DataFolder

    func run() async throws {
        try Store.initialise(folder: data.url)
        guard demo else {
            data.show(["data": .string(data.url.path)]) { _ in
                """
                Made an empty workspace in \(data.url.path). Next:
                  maitred site add NAME --origin https://app.example.com
                  maitred agent add EMAIL --name NAME --role admin --password-stdin
                  maitred serve
                """
            }
            return
        }
        let people = try await DemoWorkspace.fill(data.url)
        let answer = JSON.array(
            people.map {
                ["email": .string($0.email), "password": .string($0.password)]
            }
        )
        data.show(answer) { _ in DemoWorkspace.introduce(people) }
    }
}
