import ArgumentParser
import Foundation
import JSONCoding

/// `maitred site`: the places where the widget is embedded.
struct SiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site",
        abstract: "Places where the widget is embedded.",
        subcommands: [Add.self, Set.self, List.self, Key.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a site.")
        @Argument(help: "Its name.") var name: String
        @Option(help: "An origin that may embed the widget: https://app.example.com. Repeatable.")
        var origin: [String] = []
        @Option(help: "The first words in an empty conversation.") var greeting: String?
        @Option(help: "The site's language, such as en or de.") var language: String?
        @Flag(help: "Refuse anonymous visitors.") var requireIdentity = false
        @OptionGroup var data: DataFolder

        func run() async throws {
            var order: JSON.Object = [
                "do": "site.add", "name": .string(name),
                "origins": .array(origin.map(JSON.string)),
                "require_identity": .bool(requireIdentity),
            ]
            order["greeting"] = greeting.map(JSON.string)
            order["language"] = language.map(JSON.string)
            data.show(try await data.carryOut(.object(order))) { site in
                let key = site["key"]?.stringValue ?? ""
                return """
                    Added \(name) with the key \(key).
                    Embed the widget with:
                      <script async src="YOUR-SERVER/widget/v1/loader.js" data-site="\(key)"></script>
                    Sign identities (HS256) with the secret: \(site["identity_secret"]?.stringValue ?? "")
                    """
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a site; what is left out stays as it is.",
            discussion: """
                Opening hours are given as a whole: --timezone with one or more --open, such as \
                --open "mon-fri 09:00-17:30" --open "sat 10:00-14:00".
                """
        )
        @Argument(help: "The site's key.") var site: String
        @Option(help: "Its name.") var name: String?
        @Option(help: "An origin that may embed the widget, instead of those before. Repeatable.")
        var origin: [String] = []
        @Flag(inversion: .prefixedNo, help: "Refuse anonymous visitors.")
        var requireIdentity: Bool?
        @Option(help: "The first words in an empty conversation.") var greeting: String?
        @Option(help: "The site's language, such as en or de.") var language: String?
        @Option(help: "The brand colour, such as #2f6f5e.") var colour: String?
        @Option(help: "How the assistant signs its messages.") var botName: String?
        @Option(
            help: "What customers are asked while they wait for a person: name, email. Repeatable."
        )
        var ask: [String] = []
        @Flag(help: "Ask customers for nothing.") var askNothing = false
        @Option(help: "The time zone of the opening hours, such as Europe/Berlin.")
        var timezone: String?
        @Option(help: "When people are there: \"mon-fri 09:00-17:30\". Repeatable.")
        var open: [String] = []
        @Option(help: "A day on which nobody is there: 2026-12-25. Repeatable.")
        var closedOn: [String] = []
        @Option(help: "Your own words for the opening hours.") var hoursText: String?
        @Flag(help: "Say nothing about opening hours.") var noHours = false
        @OptionGroup var data: DataFolder

        func run() async throws {
            var order: JSON.Object = ["do": "site.set", "site": .string(site)]
            order["name"] = name.map(JSON.string)
            if !origin.isEmpty { order["origins"] = .array(origin.map(JSON.string)) }
            order["require_identity"] = requireIdentity.map(JSON.bool)
            order["greeting"] = greeting.map(JSON.string)
            order["language"] = language.map(JSON.string)
            order["colour"] = colour.map(JSON.string)
            order["bot_name"] = botName.map(JSON.string)
            if !ask.isEmpty || askNothing { order["asks"] = .array(ask.map(JSON.string)) }
            if noHours {
                order["hours"] = .null
            } else if let hours {
                order["hours"] = hours
            }
            data.show(try await data.carryOut(.object(order))) { site in
                "Changed \(site["name"]?.stringValue ?? "")."
            }
        }

        func validate() throws {
            if timezone == nil, !open.isEmpty || !closedOn.isEmpty {
                throw ValidationError("--open and --closed-on need --timezone")
            }
        }

        private var hours: JSON? {
            guard let timezone else { return nil }
            var hours: JSON.Object = [
                "time_zone": .string(timezone), "open": .array(open.map(JSON.string)),
                "closed_on": .array(closedOn.map(JSON.string)),
            ]
            hours["text"] = hoursText.map(JSON.string)
            return .object(hours)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the sites.")
        @OptionGroup var data: DataFolder

        func run() async throws {
            data.show(try await data.carryOut(["do": "site.list"])) { sites in
                (sites.arrayValue ?? []).map { site in
                    let origins = (site["origins"]?.arrayValue ?? []).compactMap(\.stringValue)
                    return "\(site["key"]?.stringValue ?? "")  \(site["name"]?.stringValue ?? "")  "
                        + origins.joined(separator: " ")
                }.joined(separator: "\n")
            }
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keys with which a site signs who its customers are.",
            subcommands: [KeyAdd.self, KeyList.self, KeyRemove.self]
        )
    }

    struct KeyAdd: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Add a key: a public key in PEM, or a secret for HS256."
        )
        @Argument(help: "The site's key.") var site: String
        @Option(help: "HS256, RS256 or ES256.") var algorithm: String
        @Option(help: "The key's name, needed once a site has several.") var kid: String?
        @Option(help: "The file with the key or secret.") var file: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let material = try TextFile.read(file).trimmingCharacters(in: .newlines)
            var order: JSON.Object = [
                "do": "site.key.add", "site": .string(site), "algorithm": .string(algorithm),
                "material": .string(material),
            ]
            order["kid"] = kid.map(JSON.string)
            data.show(try await data.carryOut(.object(order))) { _ in "Added the key to \(site)." }
        }
    }

    struct KeyList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List a site's keys by name."
        )
        @Argument(help: "The site's key.") var site: String
        @OptionGroup var data: DataFolder

        func run() async throws {
            let order: JSON = ["do": "site.key.list", "site": .string(site)]
            data.show(try await data.carryOut(order)) { keys in
                (keys.arrayValue ?? []).map { key in
                    let name = key["kid"]?.stringValue ?? "(no name)"
                    return "\(name)  \(key["algorithm"]?.stringValue ?? "")"
                }.joined(separator: "\n")
            }
        }
    }

    struct KeyRemove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Remove a key: tokens signed with it are refused from now on."
        )
        @Argument(help: "The site's key.") var site: String
        @Option(help: "The key's name; without it, the one that has none.") var kid: String?
        @OptionGroup var data: DataFolder

        func run() async throws {
            var order: JSON.Object = ["do": "site.key.remove", "site": .string(site)]
            order["kid"] = kid.map(JSON.string)
            data.show(try await data.carryOut(.object(order))) { _ in "Removed the key." }
        }
    }
}
