/// The kinds of identifiers, with the prefixes that the protocol fixes.
package enum Kinds {
    package enum Conversation: IdentifierKind { package static let prefix = "cnv" }
    package enum Message: IdentifierKind { package static let prefix = "msg" }
    package enum Contact: IdentifierKind { package static let prefix = "ctc" }
    package enum Agent: IdentifierKind { package static let prefix = "agt" }
    package enum Site: IdentifierKind { package static let prefix = "site" }
    package enum Decision: IdentifierKind { package static let prefix = "dec" }
    package enum Upload: IdentifierKind { package static let prefix = "upl" }
    package enum File: IdentifierKind { package static let prefix = "fil" }
    package enum WorkflowRun: IdentifierKind { package static let prefix = "wfr" }
}

package typealias ConversationID = Identifier<Kinds.Conversation>
package typealias MessageID = Identifier<Kinds.Message>
package typealias ContactID = Identifier<Kinds.Contact>
package typealias AgentID = Identifier<Kinds.Agent>
package typealias SiteID = Identifier<Kinds.Site>
package typealias DecisionID = Identifier<Kinds.Decision>
package typealias UploadID = Identifier<Kinds.Upload>
package typealias FileID = Identifier<Kinds.File>
package typealias WorkflowRunID = Identifier<Kinds.WorkflowRun>
