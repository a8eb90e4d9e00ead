import ArgumentParser
import Desk
import Foundation
import Gateway
import JSONCoding
import Store

/// The folder that holds a workspace, and how commands get at it.
struct DataFolder: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: "The data folder; else MAITRED_DATA, else ./data."
    )
    var path: String?

    @Flag(help: "Print JSON.")
    var json = false

    var url: URL {
        let environment = ProcessInfo.processInfo.environment["MAITRED_DATA"]
        return URL(
            fileURLWithPath: path ?? environment ?? "data",
            isDirectory: true
        )
    }

    /// Has an order carried out by the server that runs on this folder, or else here.
    func carryOut(_ order: JSON) async throws -> JSON {
        if let answer = try ControlSocket.ask(order, folder: url) { return answer }
        let store = try Store.open(folder: url)
        do {
            let answer = try await Administration(store: store).carryOut(order)
            await store.close()
            return answer
        } catch {
            await store.close()
            throw error
        }
    }

    /// Asks the triage core of the server that runs on this folder, or else one made for it here.
    func ask(_ order: JSON) async throws -> JSON {
        if let answer = try ControlSocket.ask(order, folder: url) { return answer }
        let store = try Store.open(folder: url)
        let triage = try TriageDesk.bundled(url, book: store)
        do {
            await triage.take(try await store.content())
            let answer = try await triage.carryOut(order)
            await triage.close()
            await store.close()
            return answer
        } catch {
            await store.close()
            throw error
        }
    }

    /// Prints an answer as JSON or in words.
    func show(_ answer: JSON, _ words: (JSON) -> String) {
        print(json ? answer.text : words(answer))
    }
}
