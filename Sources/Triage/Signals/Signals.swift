/// Everything read from a turn by rules, without training.
struct Signals {
    let mood: Mood
    let urgency: Urgency
    let language: Language
    let wantsPerson: Bool
    let distress: Distress?

    init(_ text: String) {
        let words = PlainWords(text)
        language = Language.identify(words)
        mood = Mood(of: words)
        wantsPerson = PersonWish.isExpressed(in: words)
        distress = Distress(in: words)
        urgency = Urgency(of: words, mood: mood, distress: distress)
    }
}
