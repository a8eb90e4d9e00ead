/// The language a turn is written in.
///
/// Chat turns are short, so three kinds of evidence are added: the script, letters that few
/// languages use, and frequent small words. Two or three words are often enough; where they are
/// not, the code is `und`.
public struct Language: Sendable, Hashable {
    /// ISO 639-1, or `und` when it cannot be told.
    public var code: String
    /// How sure, 0…1.
    public var confidence: Float

    /// Identifies the language of a text.
    public static func identify(_ text: String) -> Language {
        identify(PlainWords(text))
    }

    /// Of a text that is too short, or in none of those that are known.
    public static let undetermined = Language(code: "und", confidence: 0)

    static func identify(_ text: PlainWords) -> Language {
        guard !text.words.isEmpty else { return undetermined }
        if let script = script(of: text) { return script }

        var scores: [String: Float] = [:]
        for word in text.words {
            for code in smallWords[word.text] ?? [] { scores[code, default: 0] += 1 }
            for (ending, code) in endings where word.text.utf8.count > ending.utf8.count + 2 {
                if word.text.hasSuffix(ending) { scores[code, default: 0] += 0.35 }
            }
        }
        for letter in text.foreign {
            for code in tellingLetters[letter.lowercased] ?? [] { scores[code, default: 0] += 0.8 }
        }
        // Small words are shared by neighbours; where they tie, the language written more is
        // likelier.
        for (code, prior) in priors where scores[code] != nil { scores[code, default: 0] += prior }
        let ranked = scores.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        guard let best = ranked.first, best.value >= 0.7 else { return undetermined }
        let second = ranked.count > 1 ? ranked[1].value : 0
        // One small word beside none is weak evidence; five beside one are strong.
        let certainty = (best.value - second) / (best.value + 1)
        return certainty <= 0
            ? undetermined : Language(code: best.key, confidence: min(1, 0.5 + certainty / 2))
    }

    /// Scripts that belong to one language, or nearly.
    private static func script(of text: PlainWords) -> Language? {
        let letters = text.foreign
        var counts: [String: Int] = [:]
        for letter in letters {
            if let code = scripts.first(where: { $0.range.contains(letter.value) })?.code {
                counts[code, default: 0] += 1
            }
        }
        guard let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            most.value * 2 >= text.letters
        else { return nil }
        var code = most.key
        // Japanese mixes kana with Han; a few kana decide.
        if code == "zh", counts["ja", default: 0] > 0 { code = "ja" }
        if code == "ru", letters.contains(where: { "іїєґІЇЄҐ".unicodeScalars.contains($0) }) {
            code = "uk"
        }
        if code == "ar", letters.contains(where: { "پچژگ".unicodeScalars.contains($0) }) {
            code = "fa"
        }
        return Language(code: code, confidence: 0.95)
    }

    private static let scripts: [(range: ClosedRange<UInt32>, code: String)] = [
        (0x0370...0x03FF, "el"), (0x0400...0x04FF, "ru"), (0x0590...0x05FF, "he"),
        (0x0600...0x06FF, "ar"), (0x0750...0x077F, "ar"), (0x0900...0x097F, "hi"),
        (0x0980...0x09FF, "bn"), (0x0B80...0x0BFF, "ta"), (0x0E00...0x0E7F, "th"),
        (0x10A0...0x10FF, "ka"), (0x3040...0x30FF, "ja"), (0x4E00...0x9FFF, "zh"),
        (0x3400...0x4DBF, "zh"), (0xAC00...0xD7AF, "ko"), (0x1100...0x11FF, "ko"),
    ]

    private static let tellingLetters: [String: [String]] = [
        "ß": ["de"], "ä": ["de", "sv", "fi"], "ö": ["de", "sv", "fi", "tr"], "ü": ["de", "tr"],
        "ñ": ["es"], "á": ["es", "pt", "cs"], "í": ["es", "cs"], "ó": ["es", "pl"], "ú": ["es"],
        "é": ["fr", "es"], "è": ["fr", "it"], "ê": ["fr", "pt"], "à": ["fr", "it"],
        "ç": ["fr", "pt", "tr"],
        "œ": ["fr"], "ù": ["fr", "it"], "û": ["fr"], "î": ["fr"], "ô": ["fr"], "ã": ["pt"],
        "õ": ["pt"],
        "ì": ["it"], "ò": ["it"], "å": ["sv", "da"], "ø": ["da"], "æ": ["da"], "ł": ["pl"],
        "ż": ["pl"],
        "ą": ["pl"], "ę": ["pl"], "ś": ["pl"], "ć": ["pl"], "ź": ["pl"], "ř": ["cs"], "ě": ["cs"],
        "š": ["cs"], "č": ["cs"], "ž": ["cs"], "ů": ["cs"], "ı": ["tr"], "ş": ["tr"], "ğ": ["tr"],
    ]

    private static let priors: KeyValuePairs<String, Float> = [
        "en": 0.4, "es": 0.25, "de": 0.25, "fr": 0.25, "pt": 0.1, "it": 0.1,
    ]

    private static let endings: [(String, String)] = [
        ("ung", "de"), ("lich", "de"), ("keit", "de"), ("schen", "de"), ("cion", "es"),
        ("mente", "es"),
        ("ando", "es"), ("dad", "es"), ("ement", "fr"), ("eux", "fr"), ("aient", "fr"),
        ("ez", "fr"),
        ("zione", "it"), ("mento", "it"), ("cao", "pt"), ("coes", "pt"), ("heid", "nl"),
        ("ijk", "nl"),
        ("ing", "en"), ("tion", "en"), ("ght", "en"), ("owac", "pl"), ("iyor", "tr"),
    ]

    /// Each small word with the languages it belongs to.
    private static let smallWords: [String: [String]] = {
        var index: [String: [String]] = [:]
        for (code, list) in wordLists {
            for word in list.split(separator: " ") { index[String(word), default: []].append(code) }
        }
        return index
    }()

    private static let wordLists: KeyValuePairs<String, String> = [
        "en": """
        the a an i is are am was were you your my me we our it its this that these to of in on for
        with and or but not dont doesnt didnt cant wont isnt im ive how what when where why who
        which can could do does did have has had will would should please help need want get
        account password card order payment reset login email send money change update error work
        working be been from at by if there any some just still hello hi hey thanks thank about
        after yes no
        """,
        "de": """
        der die das ein eine einen einem einer ich du er sie es wir ihr mein meine meinen meinem
        mir mich dir sie ihre und oder aber nicht kein keine ist sind war bin habe hat haben wird
        werden kann konnen mochte will wie was wann wo warum wer bitte danke hallo guten tag
        morgen zu zum zur mit von vom fur auf aus bei nach im in den dem des auch noch schon nur
        konto passwort rechnung bestellung karte geld fehler anderung wurde wenn dass hilfe
        brauche geht ja nein sich man
        """,
        "es": """
        el la los las un una unos yo tu usted mi mis me te se lo le nos es son esta estan estoy
        soy fue he ha han hay y o pero no como que cual cuando donde por para porque quien quiero
        puedo puede necesito tengo tiene hacer hola gracias favor buenos buenas dias con sin de
        del al en su sus ya mas muy si esto este esa eso ayuda cuenta contrasena factura pedido
        tarjeta dinero cambiar
        """,
        "fr": """
        le la les un une des je tu il elle nous vous mon ma mes votre vos notre est sont suis etes
        ai as avez ont et ou mais ne pas plus comment que quoi quand pourquoi qui quel quelle puis
        peux peut veux voudrais besoin bonjour merci svp plait sil avec sans de du au aux dans sur
        pour par ce cette ces jai cest nest na se me oui non aide compte passe facture commande
        carte argent changer salut lai dune dun
        """,
        "it": """
        il lo la gli le un una io tu lui lei noi voi mio mia miei mi ti ci si e o ma non come che
        cosa quando dove perche chi sono sei siamo ho hai ha abbiamo posso puo vorrei devo ciao
        grazie prego per con senza di del della dei al alla in nel su questo questa ancora piu
        anche buongiorno aiuto
        """,
        "pt": """
        o os as um uma eu voce ele ela nos meu minha meus me se e ou mas nao como que qual quando
        onde porque quem sou esta estou tem tenho foi ha posso pode quero preciso ola obrigado
        obrigada por favor com sem de do da dos das em no na ao para isso este esta mais muito ja
        sim ajuda bom dia
        """,
        "nl": """
        de het een ik jij je u hij zij wij we mijn me mij uw en of maar niet geen is zijn ben was
        heb heeft hebben kan kunnen wil hoe wat wanneer waar waarom wie hallo bedankt alsjeblieft
        graag met van voor op uit bij naar in aan te ook nog al dit dat goedemorgen hulp ja nee er
        wordt
        """,
        "sv": """
        jag du han hon vi ni min mitt mina mig det den ett en och eller men inte ar var har hade
        kan vill hur vad nar varfor vem hej tack snalla med av for pa till fran om att som hjalp
        ja nej behover
        """,
        "da": """
        jeg du han hun vi min mit mine mig det den et en og eller men ikke er var har havde kan
        vil hvordan hvad hvornar hvor hvorfor hvem hej tak med af for pa til fra om at som hjaelp
        ja nej
        """,
        "pl": """
        ja ty on ona my moj moja moje mnie mi sie jest sa byl byla mam masz nie i lub ale jak co
        kiedy gdzie dlaczego kto czy prosze dziekuje dzien dobry czesc z ze na do od w we po za
        dla to ten ta te tak pomoc moge chce
        """,
        "tr": """
        ben sen biz siz bu su bir ve veya ama degil var yok mi mu nasil ne zaman nerede neden kim
        merhaba tesekkurler lutfen icin ile evet hayir benim bana yardim istiyorum
        """,
        "cs": """
        ja ty my vy muj moje mne mi se je jsou byl jsem mam nebo ale jak co kdy kde proc kdo
        prosim dekuji dobry den ahoj z ze na do od v pro to ten ta ano ne pomoc muzu chci
        """,
        "fi": """
        mina sina han me te oma minun on ovat oli ei ja tai mutta miten mita milloin missa miksi
        kuka hei kiitos ole hyva kanssa etta se tama kylla apua voi haluan
        """,
    ]
}

extension Unicode.Scalar {
    fileprivate var lowercased: String { properties.lowercaseMapping }
}
