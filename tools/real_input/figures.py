"""The table of a run."""


def percentile(values, share):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(len(values) * share))], 2) if values else None


def latency(values):
    return {f"p{int(share * 100)}": percentile(values, share) for share in (0.5, 0.9, 0.99)}


def of(outcomes):
    by_kind = {kind: [one for one in outcomes if one.kind == kind]
               for kind in ("answered", "clarified", "handed_off")}
    answered, clarified, handed = by_kind.values()
    replied = answered + clarified
    briefed = [one for one in handed if one.briefed]
    faults = {}
    for one in outcomes:
        for fault in one.faults:
            faults[fault] = faults.get(fault, 0) + 1
    return {
        "messages": len(outcomes),
        "answered": len(answered),
        "answered_rightly": sum(one.is_right for one in answered),
        "answered_naming_the_intent": sum(names(one) for one in answered),
        "clarified": len(clarified),
        "clarified_offering_the_right_one": sum(one.label in one.choices for one in clarified),
        "handed_off": len(handed),
        "handed_off_ranked_first": sum(one.ranking[:1] == [one.label] for one in handed),
        "handed_off_ranked_in_three": sum(one.label in one.ranking[:3] for one in handed),
        "without_outcome": sum(one.kind is None for one in outcomes),
        "briefings_checked": len(briefed),
        "briefings_without_fault": sum(not one.faults for one in briefed),
        "faults": faults,
        "ranked_first_of_all": sum(one.ranking[:1] == [one.label] for one in outcomes),
        "ms_to_ack": latency([one.to_ack for one in outcomes if one.to_ack]),
        "ms_to_answer": latency([one.to_outcome for one in replied if one.to_outcome]),
        "ms_to_answer_of_finished_sentences": latency(
            [one.to_outcome for one in replied if one.text.rstrip()[-1:] in ".?!"]),
        "ms_to_hand_off": latency([one.to_outcome for one in handed if one.to_outcome])}


def names(outcome):
    """Whether the answer's text names the label, as an imported intent's own template does."""
    return outcome.label.replace("_", " ") in outcome.answer.lower().replace("_", " ")


def table(figures):
    total = figures["messages"]

    def line(name, count, of, what):
        share = f"{100 * count / of:5.1f} %" if of else "     –"
        return f"{name:42} {count:5}  {share}  {what}"

    lines = [line("messages", total, total, "")]
    lines.append(line("answered", figures["answered"], total, "of all"))
    lines.append(line("  rightly", figures["answered_rightly"], figures["answered"], "of those"))
    lines.append(line("  naming the right intent to the customer",
                      figures["answered_naming_the_intent"], figures["answered"], "of those"))
    lines.append(line("clarified", figures["clarified"], total, "of all"))
    lines.append(line("  offering the right choice", figures["clarified_offering_the_right_one"],
                      figures["clarified"], "of those"))
    lines.append(line("handed off", figures["handed_off"], total, "of all"))
    lines.append(line("  right intent ranked first", figures["handed_off_ranked_first"],
                      figures["handed_off"], "of those"))
    lines.append(line("  right intent among the first three",
                      figures["handed_off_ranked_in_three"], figures["handed_off"], "of those"))
    lines.append(line("  briefings without fault", figures["briefings_without_fault"],
                      figures["briefings_checked"], "of those checked"))
    if figures["without_outcome"]:
        lines.append(line("nothing came", figures["without_outcome"], total, "of all"))
    lines += [f"    {count} × {fault}" for fault, count in figures["faults"].items()]
    for name in ("ms_to_ack", "ms_to_answer", "ms_to_answer_of_finished_sentences",
                 "ms_to_hand_off"):
        label = name[3:].replace("_", " ").replace("to ", "from sending to ", 1)
        values = "  ".join(f"{key} {value}" for key, value in figures[name].items())
        lines.append(f"{label + ', ms':54} {values}")
    return "\n".join(lines)
