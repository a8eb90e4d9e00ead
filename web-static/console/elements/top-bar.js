// @ts-check

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { say } from "../strings.js";

const states = /** @type {const} */ (["online", "away", "offline"]);

/** Search, connection, presence, help and the way out. */
export class TopBar {
  #presence = h("select", { id: "presence", class: "presence", "aria-label": say("presence") },
    states.map((state) => h("option", { value: state }, say(state))));
  #search = h(
    "input",
    {
      id: "search",
      class: "search__field",
      type: "search",
      autocomplete: "off",
      placeholder: say("search"),
      "aria-label": say("search"),
      maxlength: "200",
    },
  );
  #places = [
    placeLink("desk", "#conversations", "inbox", say("conversations")),
    placeLink("plugins", "#plugins", "plug", say("plugins")),
    placeLink("webhooks", "#webhooks", "link", say("webhooks")),
  ];
  #live = h("span", { id: "live", class: "live" });
  #timer = 0;

  /**
   * @param {HTMLElement} element
   * @param {object} behaviour
   * @param {{name: string}} behaviour.agent
   * @param {(state: string) => void} behaviour.presence
   * @param {(query: string) => void} behaviour.search
   * @param {boolean} behaviour.hasOffice whether there is another place than the conversations
   * @param {() => void} behaviour.sheet
   * @param {() => void} behaviour.logout
   */
  constructor(element, { agent, presence, search, hasOffice, sheet, logout }) {
    this.#presence.addEventListener("change", () => {
      this.#presence.dataset.state = this.#presence.value;
      presence(this.#presence.value);
    });
    this.#search.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => search(this.#search.value.trim()), 220);
    });
    this.#search.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.clearSearch();
      search("");
      this.#search.blur();
    });
    fill(element,
      h("span", { class: "wordmark" }, "maitred"),
      hasOffice && h("nav", { class: "places", "aria-label": say("places") }, this.#places),
      h(
        "form",
        {
          class: "search",
          role: "search",
          onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
        },
        icon("search", 18),
        this.#search,
      ),
      h("span", { class: "bar__space" }),
      this.#live,
      h("span", { class: "presence__wrap" }, this.#presence, icon("down", 14)),
      h(
        "button",
        {
          id: "shortcuts",
          class: "icon-button",
          type: "button",
          "aria-label": say("shortcuts"),
          title: say("shortcuts"),
          onclick: sheet,
        },
        icon("keyboard", 20),
      ),
      h(
        "button",
        {
          id: "logout",
          class: "icon-button",
          type: "button",
          "aria-label": `${say("logout")} (${agent.name})`,
          title: `${say("logout")} (${agent.name})`,
          onclick: logout,
        },
        icon("leave", 20),
      ));
  }

  /** @param {string} state */
  showPresence(state) {
    this.#presence.value = state;
    this.#presence.dataset.state = state;
  }

  /** @param {import("../../shared/connection.js").ConnectionState} state */
  showConnection(state) {
    const isLive = state === "online";
    this.#live.dataset.state = isLive ? "online" : "lost";
    this.#live.textContent = isLive ? say("live") : say("connecting");
    this.#presence.disabled = !isLive;
  }

  /** @param {string} place what is in front: desk, plugins or webhooks */
  showPlace(place) {
    for (const link of this.#places) {
      if (link.dataset.place === place) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  focusSearch() {
    this.#search.focus();
    this.#search.select();
  }

  clearSearch() {
    this.#search.value = "";
  }
}

/**
 * @param {string} place
 * @param {string} href
 * @param {import("../../shared/icons.js").IconName} picture
 * @param {string} label
 */
function placeLink(place, href, picture, label) {
  return h(
    "a",
    { id: `to-${place}`, class: "places__link", href, dataset: { place }, title: label },
    icon(picture, 18),
    h("span", {}, label),
  );
}
