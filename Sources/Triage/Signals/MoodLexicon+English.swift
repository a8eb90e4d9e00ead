extension MoodLexicon {
    static let english: [(Float, String)] = [
        (
            3,
            """
            amazing awesome excellent fantastic outstanding perfect wonderful brilliant superb
            love loved loving loves adore best flawless delighted thrilled incredible magnificent
            phenomenal exceptional marvelous spectacular stunning ecstatic masterpiece
            breathtaking terrific
            """
        ),
        (
            2.2,
            """
            great happy glad pleased impressed impressive beautiful beautifully enjoy enjoyed
            enjoys enjoyable enjoying joy fun funny hilarious lovely grateful appreciate
            appreciated kind friendly helpful thank thanks thankful thx congratulations recommend
            recommended superior win winner winning success successful successfully excited
            exciting charming delightful favorite favourite gorgeous elegant stellar smile laugh
            laughing lol haha hooray yay bravo blessed proud awesomely better satisfied satisfying
            satisfies fascinating inspiring inspired hero sweet wow pleasure gem praise celebrate
            """
        ),
        (
            1.5,
            """
            good nice well fine easy easily clear clearly fast quick quickly smooth smoothly
            reliable works useful comfortable clean convenient improved improvement improve
            affordable quality solved resolved fixed sturdy solid durable crisp sharp intuitive
            responsive polite professional patient cool interesting interest entertaining creative
            clever smart strong support supportive safe secure trust trusted fair honest hope
            hopeful hopefully positive benefit advantage gift worth worthy value valuable welcome
            relief relieved calm fresh freedom peace truth healthy rich bright warm heart true
            accurate accurately effective efficient efficiently compact lightweight handy fit fits
            capable bonus free stable simple simply powerful like liked likes liking agree admire
            care caring compelling refreshing engaging original intelligent touching witty
            graceful gentle vivid memorable rewarding remarkable
            """
        ),
        (
            0.8,
            """
            ok okay decent adequate acceptable yes sure right correct reasonable sufficient able
            ready allow accept complete
            """
        ),
        (
            -0.8,
            """
            wait waiting waited slow slowly late delay delayed pending unclear confusing confused
            confuse issue issues question doubt missing lack difficult hard complicated unable
            expensive pricey costly noisy loud heavy unfortunately sorry but stuck concern
            concerned unsure unexpected strange weird odd old dull bland flat long limited cheap
            cheaply tired busy contrived predictable alone miss missed conflict demand force argue
            oppose
            """
        ),
        (
            -1.5,
            """
            problem problems trouble wrong error errors fail failed fails failing failure bug bugs
            buggy broken break breaks broke crash crashed crashes crashing damaged damage
            defective defect faulty flaw flawed lost lose losing loser poor poorly weak bad badly
            unhappy disappointed disappointing disappointment disappoint disappoints annoying
            annoyed annoy bother frustrating frustrated frustration upset complain complaint
            complaints refuse refused reject rejected ignore ignored unreliable inconvenient
            uncomfortable inconsistent mess messy mistake fear afraid scared worry worried anxious
            anxiety nervous stress stressed stressful sad sadly hurt hurts pain painful boring
            bored tedious lame silly stupid dumb mediocre worse hassle difficulty stop stopped
            died dead dies die useless waste wasted wasting junk unfair misleading deny denied
            blame guilty threat threaten threatened attack war crime violence violent victim
            crisis cry crying tears lonely suffer suffering suffered sick ill disease danger
            dangerous risk risky poison debt burden accident overcharged unwanted block blocked
            unauthorised unauthorized suspicious steal stolen stole hacked cheat cheated lie lied
            lies lying liar mislead fraud scratch scratched leak leaks leaking skip skips freeze
            freezes jam jams dirty ugly smell stink stinks sucks suck sucked clumsy shallow
            pointless meaningless unfunny tiresome forgettable uneven clich\u{E9} cliched
            pretentious
            """
        ),
        (
            -2.2,
            """
            angry anger mad hate hated hates hating awful terrible terribly horrible horribly
            dreadful nightmare scam scammed ripoff ridiculous unacceptable outrageous disgusting
            disgusted disgrace disgraceful pathetic shocking appalling appalled atrocious abysmal
            incompetent unprofessional rude insulting insult insulted desperate devastated
            miserable misery hopeless helpless panic panicking terrified garbage trash rubbish
            crap crappy joke unbearable insane absurd idiot idiots moron morons kill killed
            killing murder death disaster disastrous tragic tragedy cruel evil abuse abused shame
            shameful shitty damn damned hell pissed worthless regret regrets refund unusable
            """
        ),
        (
            -3,
            """
            worst furious livid outraged enraged fuming infuriating infuriated abhorrent
            despicable fuck fucked fucking shit bullshit bastard bastards asshole assholes bitch
            wtf ffs motherfucker scumbag thieves crooks scammers suicide rape torture
            """
        ),
    ]
}
