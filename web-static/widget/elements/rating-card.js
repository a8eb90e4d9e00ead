// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

const faces = /** @type {const} */ (["face1", "face2", "face3", "face4", "face5"]);

/**
 * Asks once how a conversation was: five answers, a comment if wanted, or nothing.
 * @param {import("../../shared/strings.js").Strings} strings
 * @param {object} callbacks
 * @param {(score: number, comment: string) => Promise<void>} callbacks.rate
 * @param {() => void} callbacks.skip
 */
export function ratingCard(strings, { rate, skip }) {
  let score = 0;
  const comment = h(
    "textarea",
    { id: "rating-comment", class: "card__field", rows: "2", maxlength: "2000", dir: "auto" },
  );
  const send = h(
    "button",
    { class: "button button--primary", type: "submit" },
    strings.say("rateSend"),
  );
  const more = h("div", { class: "card__more", hidden: true },
    h("label", { for: "rating-comment" }, strings.say("rateComment")), comment);
  const options = faces.map((face, index) => {
    const input = h(
      "input",
      { class: "visually-hidden", type: "radio", name: "score", value: String(index + 1),
        "aria-label": strings.say(`rate${index + 1}`) },
    );
    input.addEventListener("change", () => {
      score = index + 1;
      more.hidden = false;
      send.hidden = false;
    });
    return h("label", { class: "rating__face", title: strings.say(`rate${index + 1}`) }, input,
      icon(face, 34));
  });
  send.hidden = true;
  const form = h("form", { id: "rating", class: "card" },
    h(
      "fieldset",
      { class: "rating" },
      h("legend", {}, strings.say("rate")),
      h("div", { class: "rating__faces" }, options),
    ),
    more,
    h("div", { class: "card__actions" }, send,
      h("button", { class: "button", type: "button", onclick: skip }, strings.say("rateSkip"))));
  const problem = h("p", { class: "card__error", role: "alert" });
  form.append(problem);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (score === 0) return;
    send.disabled = true;
    problem.textContent = "";
    try {
      await rate(score, comment.value.trim());
      fill(form, h("p", { class: "card__done", role: "status" }, strings.say("rateDone")));
    } catch {
      problem.textContent = strings.say("rateFailed");
      send.disabled = false;
    }
  });
  return form;
}
