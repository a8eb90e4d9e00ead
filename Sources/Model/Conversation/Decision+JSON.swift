import JSONCoding

extension Decision {
    func write(into json: inout JSONWriter) {
        json.member("decision", id.description)
        json.member("action", action.rawValue)
        json.member("rule", rule)
        json.member("seen", seen)
        json.memberIfPresent("intent", intent)
        json.member("confidence", confidence)
        json.member("threshold", threshold)
        json.member("out_of_scope", outOfScope)
        json.member("mood", mood)
        json.member("urgency", urgency)
        if !urgencyReasons.isEmpty { json.member("urgency_reasons", urgencyReasons) }
        json.memberIfPresent("language", language)
        json.member(
            "ranking",
            JSON.array(
                ranking.map {
                    [
                        "intent": .string($0.intent), "title": .string($0.title),
                        "p": .double($0.probability),
                    ]
                }
            )
        )
        json.member(
            "evidence",
            JSON.array(
                evidence.map { ["text": .string($0.text), "weight": .double($0.weight)] }
            )
        )
        if let nearestExample, let nearestIntent {
            json.member(
                "nearest",
                [
                    "text": .string(nearestExample), "intent": .string(nearestIntent),
                    "similarity": .double(nearestSimilarity),
                ] as JSON
            )
        }
        json.member("score", score)
        json.member("lead", lead)
        json.memberIfPresent("against", against)
        json.member("margin", margin)
        json.member("rest", rest)
        if !context.isEmpty { json.member("context", context) }
        json.member("target", target)
        if !caution.isEmpty { json.member("caution", caution) }
        if !stages.isEmpty { json.member("stages", JSON.object(stages)) }
        json.member("versions", JSON.object(versions))
        json.member("micros", microseconds)
        json.member("at", at.milliseconds)
    }

    init?(json: JSON) {
        guard let id = json["decision"]?.stringValue.flatMap({ DecisionID($0) }),
            let action = json["action"]?.stringValue.flatMap(Action.init(rawValue:)),
            let rule = json["rule"]?.stringValue, let seen = json["seen"]?.intValue,
            let at = json.time("at")
        else { return nil }
        self.init(id: id, action: action, rule: rule, seen: seen, at: at)
        intent = json["intent"]?.stringValue
        confidence = json["confidence"]?.doubleValue ?? 0
        threshold = json["threshold"]?.doubleValue ?? 0
        outOfScope = json["out_of_scope"]?.doubleValue ?? 0
        mood = json["mood"]?.doubleValue ?? 0
        urgency = json["urgency"]?.doubleValue ?? 0
        urgencyReasons = json.strings("urgency_reasons")
        language = json["language"]?.stringValue
        ranking =
            json["ranking"]?.arrayValue?.compactMap { item in
                guard let intent = item["intent"]?.stringValue else { return nil }
                return Ranked(
                    intent: intent,
                    title: item["title"]?.stringValue ?? intent,
                    probability: item["p"]?.doubleValue ?? 0
                )
            } ?? []
        evidence =
            json["evidence"]?.arrayValue?.compactMap { item in
                guard let text = item["text"]?.stringValue else { return nil }
                return Evidence(text: text, weight: item["weight"]?.doubleValue ?? 0)
            } ?? []
        nearestExample = json["nearest"]?["text"]?.stringValue
        nearestIntent = json["nearest"]?["intent"]?.stringValue
        nearestSimilarity = json["nearest"]?["similarity"]?.doubleValue ?? 0
        score = json["score"]?.doubleValue ?? 0
        lead = json["lead"]?.doubleValue ?? 0
        against = json["against"]?.stringValue
        margin = json["margin"]?.doubleValue ?? 0
        rest = json["rest"]?.doubleValue ?? 0
        context = json.strings("context")
        target = json["target"]?.doubleValue ?? 0
        caution = json.strings("caution")
        stages = json["stages"]?.objectValue ?? [:]
        versions = json["versions"]?.objectValue ?? [:]
        microseconds = json["micros"]?.intValue ?? 0
    }
}
