// SPDX-License-Identifier: Apache-2.0

/// Whether a sentence denies something, as far as single words tell.
enum Negation {
    /// Told by a word, or in languages without spaces between words by a piece of the text; false
    /// in a language that has no list.
    static func isPresent(in text: String, language: String?) -> Bool {
        guard let marks = language.flatMap({ marks[$0] }) else { return false }
        switch language {
        case "ja", "zh", "ko": return marks.contains { text.contains($0) }
        default: return Words.all(in: text).contains { marks.contains(String($0)) }
        }
    }

    private static let marks = texts.mapValues { text in
        Set(text.split(separator: " ").map(String.init))
    }

    /// By language; English contractions are cut at their apostrophe: `don't` has the word `t`.
    private static let texts = [
        "en": "not no never none nothing nobody neither nor cannot t unable",
        "de": "nicht kein keine keinen keinem keiner keines nie niemals nichts niemand",
        "fr": "ne n pas jamais aucun aucune rien non",
        "es": "no nunca jamás ningún ninguna ninguno nada tampoco",
        "it": "non mai nessun nessuna nessuno niente nulla",
        "pt": "não nunca jamais nenhum nenhuma nada",
        "nl": "niet geen nooit niets niemand",
        "sv": "inte ej aldrig ingen inga inget",
        "no": "ikke aldri ingen ingenting intet",
        "da": "ikke aldrig ingen intet",
        "pl": "nie nigdy żaden żadna żadne nic nikt",
        "cs": "ne není nejsou nelze nikdy žádný žádná žádné nic",
        "ru": "не нет никогда нельзя никто ничего ни",
        "uk": "не немає ніколи ніхто нічого ні",
        "tr": "değil yok hiç asla",
        "fi": "ei en et emme ette eivät",
        "ar": "لا لم لن ليس ليست غير",
        "ja": "ません ない なかった ずに 不可",
        "zh": "不 没 未 无法",
        "ko": "않 없 못",
    ]
}
