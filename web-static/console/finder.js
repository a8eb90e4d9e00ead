// @ts-check

import { showFailure } from "./elements/notices.js";

/** Fetches what the feed does not bring: what a search finds, and older conversations. */
export class Finder {
  #api;
  #inbox;
  #onChange;

  /**
   * @param {import("./api.js").Api} api
   * @param {import("./models/inbox-model.js").InboxModel} inbox where rows go
   * @param {() => void} onChange
   */
  constructor(api, inbox, onChange) {
    this.#api = api;
    this.#inbox = inbox;
    this.#onChange = onChange;
  }

  /**
   * Shows what was found; nothing asked for ends the search.
   * @param {string} query
   * @param {Pick<import("./desk-view.js").DeskView, "list" | "bar">} view
   */
  async search(query, { list, bar }) {
    if (query === "") {
      list.showResults("", null);
      this.#onChange();
      return;
    }
    try {
      const found = `/v1/search?q=${encodeURIComponent(query)}&limit=30`;
      const { hits = [] } = await this.#api.get(found);
      list.showResults(query, hits, () => {
        bar.clearSearch();
        void this.search("", { list, bar });
      });
    } catch (error) {
      showFailure(error);
    }
  }

  /** @param {string} query */
  async fetchRows(query) {
    const answer = await this.#api.get(`/v1/conversations${query}`).catch(() => null);
    for (const row of answer?.conversations ?? []) this.#inbox.add(row);
    this.#onChange();
  }

  /** @param {string} c */
  async fetchRow(c) {
    const row = await this.#api.get(`/v1/conversations/${c}`).catch(() => null);
    if (row?.c) this.#inbox.add(row);
    this.#onChange();
  }
}
