// @ts-check

import { fill, h } from "../../../shared/dom.js";
import { copyButton } from "./copy-button.js";

/** @typedef {{check: string, ok: boolean | null, found: string, advice: string}} Finding */

const marks = { good: "Fine", bad: "Fault", unsure: "Not known" };

/** Why the chat does not connect: a button, what it finds, and a report of it to send. */
export class DiagnosisPanel {
  #look;
  #report = "";
  #button;
  #verdict = h("p", { class: "verdict", role: "status" });
  #list = h("ul", { class: "findings" });
  #copy = copyButton("Copy the report", () => this.#report, { hidden: true });

  /**
   * @param {HTMLElement} container
   * @param {() => Promise<{findings: Finding[], report: string}>} look
   */
  constructor(container, look) {
    this.#look = look;
    this.#button = h("button", {
      type: "button", class: "button", id: "diagnose", onclick: () => this.#run(),
    }, "Why does it not connect?");
    fill(
      container,
      h("p", { class: "lead" },
        "Tries what the chat does, one thing after the other. On your own page: ",
        h("code", {}, "(await import(\"…/widget/v1/diagnose.js\")).diagnose()")),
      h("div", { class: "bar bar--start" }, this.#button, this.#copy),
      this.#verdict, this.#list,
    );
  }

  async #run() {
    if (this.#button.getAttribute("aria-disabled") === "true") return;
    // A button that is disabled would lose the focus.
    this.#button.setAttribute("aria-disabled", "true");
    fill(this.#verdict, "Looking…");
    try {
      const { findings, report } = await this.#look();
      this.#report = report;
      this.#copy.hidden = false;
      fill(this.#list, findings.map((each) => this.#finding(each)));
      fill(this.#verdict, verdict(findings));
    } catch (error) {
      fill(this.#list);
      fill(this.#verdict, "The diagnosis could not be loaded: the server is not reached, or the " +
        `page's policy forbids its scripts. ${error instanceof Error ? error.message : ""}`);
    }
    this.#button.removeAttribute("aria-disabled");
  }

  /** @param {Finding} finding */
  #finding({ check, ok, found, advice }) {
    const state = ok === null ? "unsure" : ok ? "good" : "bad";
    return h("li", { class: "finding", dataset: { check, ok: String(ok) } },
      h("span", { class: `mark mark--${state}` }, marks[state]),
      h("div", {},
        h("strong", {}, check),
        h("p", {}, found),
        advice !== "" && h("p", { class: "finding__advice" }, advice)));
  }
}

/** @param {Finding[]} findings */
function verdict(findings) {
  const faults = findings.filter(({ ok }) => ok === false).map(({ check }) => check);
  if (faults.length === 0) return "Nothing is wrong.";
  return `${faults.length === 1 ? "1 fault" : `${faults.length} faults`}: ${faults.join(", ")}.`;
}
