/// A yes or a no in a customer's words, in the languages that the assistant speaks.
///
/// Only words that say it plainly: "yes, but not yet" is neither.
package enum YesNo {
    package static func read(_ words: String) -> Bool? {
        // A question back is not an answer.
        if words.contains(where: { "?؟".contains($0) }) { return nil }
        var said: [String] = words.lowercased().split { !$0.isLetter && $0 != "'" && $0 != "’" }
            .map { String($0).replacing("’", with: "'") }
        if said.count > 1, politely.contains(said[0]) { said.removeFirst() }
        guard let first = said.first, said.count <= 5 else { return nil }
        if agreed.contains(said.joined(separator: " ")) { return true }
        // "Is that ok" begins like a question: the word that decides comes first.
        guard yes.contains(first) || no.contains(first) else { return nil }
        let hasYes = said.contains { yes.contains($0) }
        let hasNo = said.contains { no.contains($0) }
        if hasYes == hasNo { return nil }
        // The rest must add nothing: "yes do that" and "no thanks" do not.
        let rest = said.filter { !yes.contains($0) && !no.contains($0) && !fillers.contains($0) }
        return rest.isEmpty ? hasYes : nil
    }

    /// Whether somebody wants nothing more of it: "never mind".
    package static func isDropped(_ words: String) -> Bool {
        let said = words.lowercased().split { !$0.isLetter }.joined(separator: " ")
        return dropped.contains(said)
    }

    private static let yes: Set<String> = [
        "yes", "yep", "yeah", "yup", "sure", "ok", "okay", "correct", "right", "confirm",
        "confirmed", "ja", "jawohl", "genau", "richtig", "gerne", "stimmt", "sí", "si", "claro",
        "correcto", "vale", "oui", "ouais", "exact", "exactement", "نعم", "أجل", "موافق", "تمام",
    ]
    private static let no: Set<String> = [
        "no", "nope", "nah", "don't", "not", "nein", "nicht", "nee", "non", "pas", "لا",
        "كلا",
    ]
    private static let politely: Set<String> = ["please", "bitte"]
    /// A yes that does not begin with one.
    private static let agreed: Set<String> = [
        "that's right", "that is right", "that's correct", "that is correct", "go ahead", "do it",
        "do that", "das ist richtig", "das stimmt", "mach das", "machen sie das", "c'est exact",
        "es correcto", "está bien",
    ]
    private static let fillers: Set<String> = [
        "please", "thanks", "thank", "you", "do", "it", "that", "that's", "is", "go", "ahead",
        "bitte", "danke", "das", "ist", "mach", "machen", "sie", "por", "favor", "gracias",
        "merci", "s'il", "vous", "plaît", "plait", "من", "فضلك", "شكرا",
    ]
    private static let dropped: Set<String> = [
        "never mind", "nevermind", "forget it", "forget about it", "stop", "stop it", "cancel that",
        "leave it", "not any more", "no longer needed", "vergiss es", "vergessen sie es", "egal",
        "schon gut", "abbrechen", "stopp", "olvídalo", "olvidalo", "déjalo", "dejalo", "da igual",
        "laisse tomber", "laissez tomber", "oubliez", "tant pis", "انس الأمر", "لا يهم",
    ]
}
