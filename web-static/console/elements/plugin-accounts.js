// @ts-check

import { fill, h } from "../../shared/dom.js";
import { say } from "../strings.js";
import { card } from "./plugin-parts.js";

/** The accounts at other servers that a plugin works with: somebody signs in there for it. */
export class PluginAccounts {
  element;
  #begin;
  #list = h("ul", {});
  #shown = "";

  /** @param {(name: string) => Promise<any>} begin asks where to sign in */
  constructor(begin) {
    this.#begin = begin;
    this.element = card("plugin-accounts", say("pluginAccounts"),
      h("p", { class: "field__hint" }, say("pluginAccountsLead")), this.#list);
    this.element.hidden = true;
  }

  /** @param {string[]} names @param {boolean} canChange */
  show(names, canChange) {
    const shown = JSON.stringify([names, canChange]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.element.hidden = names.length === 0;
    fill(this.#list, names.map((name) => this.#account(name, canChange)));
  }

  /** @param {string} name @param {boolean} canChange */
  #account(name, canChange) {
    const status = h("p", { role: "status" });
    let isBusy = false;
    const connect = async () => {
      if (isBusy) return;
      isBusy = true;
      status.textContent = say("actionWorking");
      const answer = await this.#begin(name).catch((error) => error);
      isBusy = false;
      // Other servers' addresses are not trusted to be ones.
      if (answer instanceof Error || !/^https?:\/\//i.test(answer.url ?? "")) {
        const why = answer.problem?.detail ?? answer.message ?? answer.url ?? "";
        status.textContent = say("actionRefused", { why });
        return;
      }
      window.open(answer.url, "_blank", "noopener,noreferrer");
      fill(status, say("oauthOpened"), " ", h(
        "a",
        { href: answer.url, target: "_blank", rel: "noopener noreferrer" },
        say("oauthOpen", { name }),
      ));
    };
    return h("li", { class: "connect" },
      h("span", { dir: "auto" }, name),
      canChange && h(
        "button",
        {
          class: "button button--small",
          type: "button",
          "aria-label": say("oauthConnectOf", { name }),
          onclick: connect,
        },
        say("oauthConnect"),
      ),
      status);
  }
}
