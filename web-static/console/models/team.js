// @ts-check

/**
 * @typedef {object} Colleague
 * @property {string} id
 * @property {string} name
 * @property {string} state
 * @property {number} [load]
 * @property {number} [capacity]
 * @property {string[]} [skills]
 */

/** Who works here, and who of them is there. */
export class Team {
  /** @type {Map<string, Colleague>} */
  #agents = new Map();

  /** @param {Colleague[]} agents */
  replace(agents) {
    this.#agents = new Map(agents.map((agent) => [agent.id, agent]));
  }

  /** @param {{agent: {id: string, name: string}, state: string, load?: number}} presence */
  receive({ agent, state, load }) {
    this.#agents.set(agent.id, { ...this.#agents.get(agent.id), ...agent, state, load });
  }

  /** @param {string} me */
  others(me) {
    return [...this.#agents.values()].filter((agent) => agent.id !== me);
  }
}
