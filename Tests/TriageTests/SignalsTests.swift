import Testing
import Triage

struct PersonWishTests {
    @Test(arguments: [
        "I want to speak to a person", "agent please", "can I talk to a real human?",
        "Please connect me with someone from support, an actual person", "human",
        "let me talk to your manager", "transfer me to an agent", "I don't want to talk to a bot",
        "Ich möchte mit einem Mitarbeiter sprechen", "einen echten Menschen bitte",
        "quiero hablar con una persona", "necesito un agente", "páseme con un asesor",
        "je voudrais parler à un conseiller", "je veux un humain", "passez-moi un conseiller",
    ])
    func `hears an explicit wish for a person`(text: String) {
        #expect(PersonWish.isExpressed(in: text))
    }

    @Test(arguments: [
        "I don't want to talk to a person", "how do I add a person to my team",
        "can I transfer money to someone else's account", "are you a real person?",
        "do I need to speak to a representative to change my pin?", "the user agent is wrong",
        "ich möchte nicht mit einem Mitarbeiter sprechen", "cómo invito a una persona",
        "comment ajouter une personne", "", "the charge is not there",
    ])
    func `does not hear a wish where there is none`(text: String) {
        #expect(!PersonWish.isExpressed(in: text))
    }
}

struct DistressTests {
    @Test(arguments: [
        ("I want to kill myself", Distress.Kind.crisis), ("ich will nicht mehr leben", .crisis),
        ("the charger caught fire", .safety), ("je suis en danger", .safety),
        ("my lawyer will contact you", .legal), ("ich gehe zum Anwalt", .legal),
        ("voy a denunciar", .legal), ("je vais porter plainte", .legal),
        ("I am sick and tired of this", .anger), ("das ist eine Frechheit", .anger),
        ("I'm in tears, I don't know what else to do", .despair),
        ("bin völlig verzweifelt", .despair),
    ])
    func `names what should make a machine step back`(text: String, kind: Distress.Kind) {
        #expect(Distress(in: text)?.kind == kind)
    }

    @Test(arguments: [
        "where is my parcel?", "I desperately need to change my PIN", "who do I report to",
        "I thought I had enough money", "how do I kill a running export",
        "wo finde ich die Rechnung",
    ])
    func `leaves ordinary messages alone`(text: String) {
        #expect(Distress(in: text) == nil)
    }

    @Test func `the most serious reason comes first`() {
        let distress = Distress(in: "I am furious, my lawyer knows, and the device caught fire")
        #expect(distress?.kind == .safety)
        #expect(distress?.words == "caught fire")
    }
}

struct UrgencyTests {
    @Test(arguments: [
        ("our whole site is down", Urgency.Reason.outage), ("we need it by tomorrow", .deadline),
        ("my account was hacked", .security), ("I was charged twice", .money),
        ("this is urgent", .stated), ("I can't log in", .blocked), ("cancel my contract", .leaving),
        ("I have written three times", .repeated), ("HELP ME NOW PLEASE", .shouting),
        ("das ist sehr dringend", .stated), ("me han robado la tarjeta", .security),
        ("plus rien ne fonctionne", .outage), ("I'm going to sue you", .legal),
    ])
    func `gives the reason`(text: String, reason: Urgency.Reason) {
        let urgency = Urgency(of: text)
        #expect(urgency.reasons.contains(reason))
        #expect(urgency.score > 0.15)
    }

    @Test func `several reasons are more urgent than one`() {
        let one = Urgency(of: "our site is down")
        let two = Urgency(of: "our site is down and the launch is tomorrow, urgent!")
        #expect(two.score > one.score)
        #expect(two.score <= 1)
    }

    @Test func `a plain question can wait`() {
        let urgency = Urgency(of: "how do exports work?")
        #expect(urgency.reasons.isEmpty)
        #expect(urgency.score < 0.15)
    }
}

struct MoodTests {
    @Test func `praise is above a question and anger below`() {
        let praise = Mood(of: "This is great, thank you so much!").score
        let question = Mood(of: "Where do I find my invoice?").score
        let anger = Mood(of: "This is the worst service ever").score
        #expect(praise > 1)
        #expect(question == 0)
        #expect(anger < -1)
    }

    @Test(arguments: [
        ("good", "not good"), ("good", "good, but terribly slow"), ("bad", "very bad"),
        ("this is bad", "this is BAD"), ("bad", "bad!!!"), ("fine", "fine \u{1F621}"),
        ("gut", "nicht gut"), ("bueno", "no es bueno"), ("bien", "pas bien"),
    ])
    func `rules move the score down`(higher: String, lower: String) {
        #expect(Mood(of: higher).score > Mood(of: lower).score)
    }

    @Test func `stays within its bounds`() {
        let worst = Mood(of: String(repeating: "worst horrible fucking ", count: 100) + "!!!!!!!!")
        #expect(worst.score >= -4)
        #expect(worst.score < -3.5)
    }
}

struct LanguageTests {
    @Test(arguments: [
        ("how can I reset my password", "en"), ("wie kann ich mein Passwort ändern", "de"),
        ("¿cómo puedo cambiar mi contraseña?", "es"), ("comment changer mon mot de passe", "fr"),
        ("come posso cambiare la mia password", "it"), ("como posso mudar a minha senha", "pt"),
        ("hoe kan ik mijn wachtwoord wijzigen", "nl"), ("jak mogę zmienić hasło", "pl"),
        ("hur kan jag ändra mitt lösenord", "sv"), ("şifremi nasıl değiştirebilirim", "tr"),
        ("كيف أغير كلمة المرور", "ar"), ("как изменить пароль", "ru"),
        ("як змінити мій пароль", "uk"),
        ("如何更改密码", "zh"), ("パスワードを変更したい", "ja"), ("비밀번호 변경", "ko"),
        ("एक नया पासवर्ड", "hi"), ("πώς αλλάζω κωδικό", "el"), ("hello", "en"), ("danke", "de"),
    ])
    func `tells languages apart in a short turn`(text: String, code: String) {
        #expect(Language.identify(text).code == code)
    }

    @Test(arguments: ["", "12345", "zxqv", "?!"])
    func `admits that it cannot tell`(text: String) {
        #expect(Language.identify(text).code == "und")
    }
}
