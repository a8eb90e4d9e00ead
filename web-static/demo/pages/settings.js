// @ts-check

import { h } from "../../shared/dom.js";
import { sessions, team, workspace } from "../studio.js";
import { face, head, table } from "./parts.js";

export function teamPage() {
  return {
    content: [
      head("Team", `${workspace.members} of ${workspace.seats} seats in use`),
      h(
        "form",
        { class: "card invite", onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
        h("label", { for: "invite" }, "Invite somebody by email"),
        h(
          "div",
          { class: "invite__row" },
          h(
            "input",
            {
              id: "invite",
              type: "email",
              placeholder: "name@studio.example",
              autocomplete: "off",
            },
          ),
          h("button", { class: "button", type: "submit" }, "Send invitation"),
        ),
      ),
      table(["Name", "Email", "Role", "Last seen"], team.map((person) => [
        h(
          "span",
          { class: "person" },
          face(person.name),
          person.name,
        ), person.email, person.role, person.seen,
      ])),
    ],
    facts: { members: workspace.members, pending_invitations: 1 },
  };
}

export function security() {
  /** @type {(title: string, text: string, action: string) => Node} */
  const row = (title, text, action) =>
    h(
      "div",
      { class: "setting" },
      h("div", {}, h("h2", {}, title), h("p", {}, text)),
      h("button", { class: "button button--quiet", type: "button" }, action),
    );
  return {
    content: [
      head("Security", "Who can get in, and how"),
      h("div", { class: "card settings" },
        row("Two-step login", "Off. Turn it on to need a code from your phone as well.", "Turn on"),
        row("Password", "Last changed eleven months ago.", "Change"),
        row("Single sign-on", "Part of the Agency plan.", "See plans")),
      h("h2", { class: "between" }, "Where you are logged in"),
      table(
        ["Device", "Place", "Last seen"],
        sessions.map((each) => [each.device, each.place, each.seen]),
      ),
    ],
    facts: { two_step: false, sessions: sessions.length },
  };
}

export function integrations() {
  /** @type {(title: string, text: string, state: string) => Node} */
  const card = (title, text, state) =>
    h(
      "section",
      { class: "card offer" },
      h("h2", {}, title),
      h("p", {}, text),
      h("button", { class: "button button--quiet", type: "button" }, state),
    );
  return {
    content: [
      head("Integrations", "What Tideline works with"),
      h("div", { class: "grid grid--three" },
        card("Accounting", "Sends every paid invoice to your books.", "Connect"),
        card("Calendar", "Shows due dates next to your meetings.", "Connected"),
        card("Webhooks", "Tells your own programs what happened.", "Set up")),
    ],
    facts: { connected: 1 },
  };
}
