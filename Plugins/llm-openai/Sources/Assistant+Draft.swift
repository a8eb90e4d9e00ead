// SPDX-License-Identifier: Apache-2.0

internal import MaitredPluginKit

extension Assistant {
    /// A reply that says only what the passages say, each sentence with its citation, or a refusal.
    ///
    /// What is sent as parts has been checked, sentence by sentence; a sentence that does not pass
    /// ends the stream. ``Grounding`` compares words, so the draft is written in the passages'
    /// language and translated afterwards when the customer's is another one.
    ///
    /// With tools the model is heard out whatever becomes of its text, and asked without passages
    /// too: what it proposes may come beside a refusal.
    func draft(_ input: Input, _ call: Call) async throws -> Completion {
        let passages = input.usablePassages
        var tools = input.usableTools
        if !tools.isEmpty, await !chat.sendsTools(call) { tools = ModelToolSet([]) }
        guard !passages.isEmpty || !tools.isEmpty else {
            return .refusal(Self.noPassages, Usage(), model: chat.model)
        }
        let proposes = !tools.isEmpty
        let grounding = Grounding(passages)
        let target = input.foreignLanguage(to: grounding.language)
        let prompt = try Prompt.draft(input, passages, tools)
        var writer = DraftWriter(passages, grounding)
        let reply = try await chat.ask(prompt, call) { text in
            writer.take(text).send(if: target == nil, through: call)
            return writer.fault == nil || proposes
        }
        if !reply.isStopped, !reply.isCut { writer.finish().send(if: target == nil, through: call) }
        let proposals = reply.proposals(from: tools)
        if let reason = passages.isEmpty
            ? Self.noPassages
            : writer.fault ?? reply.reasonForNoDraft(writer.text.isEmpty, proposals)
        {
            return .refusal(reason, reply.usage, model: reply.model).proposing(proposals)
        }
        let draft = Completion(
            text: writer.text.trimmed,
            citations: writer.citations,
            usage: reply.usage,
            model: reply.model
        )
        guard let target else { return draft.proposing(proposals) }
        return try await translate(draft, to: target, call).proposing(proposals)
    }

    private static let noPassages = "there are no passages to answer from"

    /// The draft in another language: its citations, numbers and addresses must be the same.
    private func translate(
        _ draft: Completion,
        to language: String,
        _ call: Call
    ) async throws -> Completion {
        let reply = try await chat.ask(try .translation(of: draft.text, to: language), call)
        let usage = draft.usage + reply.usage
        let text = reply.text.trimmed
        guard Figures.addresses(in: text).isSubset(of: Figures.addresses(in: draft.text)),
            Figures.numbers(in: text) == Figures.numbers(in: draft.text),
            Sentence(text).citations.sorted() == Sentence(draft.text).citations.sorted(),
            !reply.isCut
        else {
            let reason = "the translation changed a number, an address or a citation"
            return .refusal(reason, usage, model: reply.model)
        }
        var translated = draft
        translated.text = text
        translated.usage = usage
        return translated
    }
}

extension Input {
    /// The customer's language if it is known and is not the passages'.
    fileprivate func foreignLanguage(to language: String?) -> String? {
        guard let language, let wanted = self.language, !wanted.isEmpty else { return nil }
        let code = wanted.lowercased().prefix { $0 != "-" && $0 != "_" }
        let primary = code == "nb" || code == "nn" ? "no" : code
        return primary == language ? nil : wanted
    }
}

extension ModelReply {
    fileprivate func reasonForNoDraft(
        _ isEmpty: Bool,
        _ proposals: [ModelProposal]
    ) -> String? {
        if hasDeclined { return "the model declined to answer" }
        if isFiltered { return "the server's content filter stopped the answer" }
        if isCut { return "the draft was longer than max_output_tokens allows" }
        guard isEmpty else { return nil }
        if !proposals.isEmpty { return "the model proposes an action and wrote no reply" }
        return calledTool ? "the model wanted a tool called" : "the model wrote nothing"
    }
}

extension String {
    fileprivate func send(if isWanted: Bool, through call: Call) {
        if isWanted, !isEmpty { call.send(part: TextPart(text: self)) }
    }
}

/// A piece of an answer, sent ahead of its end.
struct TextPart: Encodable, Sendable { let text: String }
