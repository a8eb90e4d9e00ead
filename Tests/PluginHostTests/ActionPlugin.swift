import Desk
import JSONCoding
import Model
import PluginHost

/// A plugin that writes the key of each call into its journal and does what the input's `mode` says.
enum ActionPlugin {
    static let id = "test.till"

    private static let code = #"""
        static maitred_call *held;
        static void once(void *call, int32_t status, maitred_slice out) {
            if (memmem(out.ptr, out.len, "true", 4)) abort();
            answer(call, "{\"summary\":\"Done after a crash.\"}");
        }
        INVOKE {
            static int failures;
            if (strcmp(method, "release") == 0) {
                answer(held, "{\"summary\":\"Done.\"}");
                return answer(call, "{}");
            }
            if (strcmp(method, "ping") == 0) return answer(call, "{}");
            char *key = member(in, "key"), *mode = member(in, "mode"), *question;
            say(key);
            maitred_slice why = slice("{\"message\":\"no such charge\"}");
            if (strcmp(mode, "refuse") == 0) {
                host->complete(host, call, MAITRED_INVALID, why);
            } else if (strcmp(mode, "flaky") == 0 && failures++ < 2) {
                host->complete(host, call, MAITRED_TEMPORARY, slice("{\"message\":\"later\"}"));
            } else if (strcmp(mode, "hold") == 0) {
                held = call;
            } else if (strcmp(mode, "crash") == 0) {
                if (asprintf(&question, "{\"key\":\"%s\",\"value\":\"1\"}", key) > 0)
                    ask(call, MAITRED_KV_SERVICE, "add", question, once, call);
            } else {
                answer(call, "{\"summary\":\"Done.\",\"id\":\"re_1\"}");
            }
        }
        """#

    private static let mode: JSON = [
        "type": "string", "enum": ["refuse", "flaky", "hold", "crash"],
    ]

    private static let manifest = PluginWorkshop.manifest(
        "till",
        with: [
            "permissions": ["kv_bytes": 1000, "read": ["contact.email"]],
            "config": [
                "type": "object",
                "properties": [
                    "refund_limit": ["type": "integer", "default": 5000],
                    "no_limit": ["type": "integer"],
                ],
            ],
            "contributes": [
                "actions": [
                    [
                        "name": "till.look", "title": "Look", "effect": "read",
                        "input": ["type": "object", "properties": ["mode": mode]],
                    ],
                    [
                        "name": "till.refund", "title": "Refund a charge", "effect": "money",
                        "confirm": "agent_over_limit", "amount": "amount",
                        "limit": "refund_limit",
                        "input": [
                            "type": "object", "required": ["charge"],
                            "properties": [
                                "charge": ["type": "string", "maxLength": 10],
                                "amount": ["type": "integer", "minimum": 1],
                                "mode": mode,
                            ],
                        ],
                    ],
                    [
                        "name": "till.adjust", "title": "Adjust", "effect": "money",
                        "confirm": "agent_over_limit", "amount": "by", "limit": "no_limit",
                        "input": ["type": "object", "properties": ["by": ["type": "integer"]]],
                    ],
                    [
                        "name": "till.erase", "title": "Erase everything",
                        "effect": "irreversible",
                        "input": ["type": "object", "properties": ["what": ["type": "string"]]],
                    ],
                ]
            ],
        ]
    )

    static func build(_ workshop: PluginWorkshop) async throws -> String {
        try await workshop.build("till", manifest: manifest, code)
    }

    static let agent = ActionOrder.Actor.agent(
        .make(at: Timestamp(milliseconds: 0)),
        name: "Grace",
        isSupervisor: false
    )
    static let supervisor = ActionOrder.Actor.agent(
        .make(at: Timestamp(milliseconds: 0)),
        name: "Joan",
        isSupervisor: true
    )
    static let bot = ActionOrder.Actor.bot(name: "Assistant")
}

extension PluginHost {
    /// Has the till do something; the run, or why there is none.
    func order(
        _ action: String,
        _ input: JSON.Object = [:],
        by actor: ActionOrder.Actor = ActionPlugin.agent,
        in conversation: ConversationID? = nil,
        request: String = "r-1",
        confirmed: String? = nil
    ) async -> Result<ActionRun, ActionRefusal> {
        let order = ActionOrder(
            action: action,
            conversation: conversation,
            input: input,
            by: actor,
            request: request,
            confirmation: confirmed
        )
        do throws(ActionRefusal) {
            return .success(try await carryOut(order))
        } catch {
            return .failure(error)
        }
    }
}

extension Result where Success == ActionRun, Failure == ActionRefusal {
    /// What somebody has to agree to first, and the word that says they did.
    var asked: (confirmation: String, question: String)? {
        guard case .failure(.needsConfirmation(let word, let question)) = self else { return nil }
        return (word, question)
    }

    var isForbidden: Bool {
        guard case .failure(.forbidden) = self else { return false }
        return true
    }
}
