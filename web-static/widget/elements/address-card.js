// @ts-check

import { fill, h } from "../../shared/dom.js";

/**
 * Takes an email address when nobody is there to answer.
 * @param {import("../../shared/strings.js").Strings} strings
 * @param {(email: string) => Promise<void>} leave
 */
export function addressCard(strings, leave) {
  const error = h("p", { id: "address-error", class: "card__error", role: "alert" });
  const field = h(
    "input",
    {
      id: "address-email",
      class: "card__field",
      type: "email",
      required: true,
      autocomplete: "email",
      maxlength: "254",
      dir: "ltr",
      "aria-describedby": "address-error",
      placeholder: "name@example.com",
    },
  );
  const send = h(
    "button",
    { class: "button button--primary", type: "submit" },
    strings.say("addressSend"),
  );
  const form = h("form", { id: "address", class: "card", novalidate: true },
    h("p", {}, strings.say("address")),
    h("label", { class: "visually-hidden", for: "address-email" }, strings.say("addressLabel")),
    h("div", { class: "card__row" }, field, send), error);
  const fail = () => {
    error.textContent = strings.say("addressWrong");
    field.setAttribute("aria-invalid", "true");
    field.focus();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const email = field.value.trim();
    if (!field.checkValidity()) return fail();
    send.disabled = true;
    try {
      await leave(email);
      fill(
        form,
        h("p", { class: "card__done", role: "status" }, strings.say("addressDone", { email })),
      );
    } catch {
      send.disabled = false;
      fail();
    }
  });
  return form;
}
