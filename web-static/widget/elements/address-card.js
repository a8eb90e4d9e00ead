// @ts-check

import { formCard } from "./form-card.js";

/**
 * Takes an email address when nobody is there to answer.
 * @param {import("../../shared/strings.js").Strings} strings
 * @param {(email: string) => Promise<void>} leave
 */
export function addressCard(strings, leave) {
  const asked = {
    form: "address",
    title: strings.say("address"),
    fields: [{
      name: "email",
      label: strings.say("addressLabel"),
      kind: /** @type {const} */ ("email"),
      required: true,
    }],
  };
  return formCard(strings, asked, {
    sendLabel: strings.say("addressSend"),
    submit: ({ email }) => leave(String(email)),
    done: ({ email }) => strings.say("addressDone", { email: String(email) }),
  });
}
