// @ts-check

import { systemClock } from "../../shared/clock.js";
import { newID } from "../../shared/ids.js";
import { WireError } from "../../shared/wire-error.js";

/**
 * An action as the server lists it.
 * @typedef {object} Action
 * @property {string} name
 * @property {string} title
 * @property {string | null} description
 * @property {string} plugin
 * @property {string} plugin_name
 * @property {"read" | "write" | "message" | "money" | "irreversible"} effect
 * @property {any} input the schema of it
 */

/**
 * @typedef {"ready" | "sending" | "asking" | "running" | "unknown" | "done" | "failed" |
 *   "refused"} State
 */

/**
 * Sends an order to the server.
 * @callback Post
 * @param {string} name of the action
 * @param {string} key of the order
 * @param {{conversation: string, input: object, confirmation?: string}} body
 * @returns {Promise<any>}
 */

/** While an action goes on, the server is asked how it stands after so long, and so on. */
const patience = [1500, 3000, 6000, 12_000];

/**
 * An action that somebody wants done: from the click to its end.
 *
 * One key goes with it, however often it is sent: the server does once what has one key. A new
 * key is taken only when it is certain that the old one came to nothing or to its end.
 *
 * - `ready`      nothing is under way; `faults` say what was wrong with the input
 * - `sending`    the server has been asked
 * - `asking`     somebody must agree to `question` first
 * - `running`    the server has begun, and the end is not known yet
 * - `unknown`    no answer: it may have happened or not, and may safely be sent again
 * - `done`       with `output`
 * - `failed`     it was tried and did not work: `reason`
 * - `refused`    nothing was tried: `reason`
 */
export class ActionOrder {
  /** @type {State} */
  state = "ready";
  /** @type {Record<string, any>} */
  input = {};
  question = "";
  reason = "";
  /** @type {string[]} */
  faults = [];
  /** @type {any} */
  output = null;
  /** Whether the server is not asked by itself any more how it stands. */
  isLeftAlone = false;
  #action;
  #conversation;
  #post;
  #onChange;
  #clock;
  #newKey;
  #key = "";
  #confirmation = "";
  #asked = 0;
  #isOpen = false;
  /** Whether the server may have begun it, for all that is known here. */
  #mayHaveBegun = false;
  #cancel = () => {};

  /**
   * @param {object} parts
   * @param {Pick<Action, "name">} parts.action
   * @param {string} parts.conversation
   * @param {Post} parts.post
   * @param {() => void} parts.onChange
   * @param {import("../../shared/clock.js").Clock} [parts.clock]
   * @param {() => string} [parts.key] makes one
   */
  constructor({ action, conversation, post, onChange, clock = systemClock, key = newID }) {
    this.#action = action;
    this.#conversation = conversation;
    this.#post = post;
    this.#onChange = onChange;
    this.#clock = clock;
    this.#newKey = key;
  }

  /** Whether a click would begin something that is not under way already. */
  get isIdle() {
    return this.state === "ready" || this.state === "failed" || this.state === "refused";
  }

  /** Whether it may be on its way: another input would then be another order. */
  get isHeld() {
    return !this.isIdle && this.state !== "done";
  }

  /** Whether it has been done or may be, for all that is known here. */
  get hasBegun() {
    return !this.isIdle && (this.state !== "asking" || this.#mayHaveBegun);
  }

  /** @param {Record<string, any>} input */
  async begin(input) {
    if (!this.isIdle) return;
    this.input = input;
    this.#key = this.#newKey();
    this.#confirmation = "";
    this.#mayHaveBegun = false;
    this.#asked = 0;
    await this.#send();
  }

  /** Yes to the question. */
  async confirm() {
    if (this.state === "asking") await this.#send();
  }

  /** No to the question. */
  takeBack() {
    if (this.state === "asking") this.#turn(this.#mayHaveBegun ? "unknown" : "ready");
  }

  /** Sends the same once more. */
  async again() {
    if (this.state !== "unknown" && this.state !== "running") return;
    this.#asked = 0;
    await this.#send();
  }

  async #send() {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#cancel();
    this.faults = [];
    this.isLeftAlone = false;
    this.#turn(this.state === "running" ? "running" : "sending");
    const body = {
      conversation: this.#conversation,
      input: this.input,
      ...(this.#confirmation ? { confirmation: this.#confirmation } : {}),
    };
    const post = this.#post(this.#action.name, this.#key, body);
    const answer = await post.then((run) => () => this.#answered(run))
      .catch((error) => () => this.#notDone(error));
    this.#isOpen = false;
    answer();
  }

  /** @param {any} run */
  #answered({ state, output, error }) {
    if (state === "done") {
      this.output = output ?? {};
      this.#turn("done");
    } else if (state === "failed") {
      this.reason = error?.message ?? error?.code ?? "";
      this.#turn("failed");
    } else {
      this.#waitOn();
    }
  }

  #waitOn() {
    const wait = patience[this.#asked];
    this.#asked += 1;
    this.#mayHaveBegun = true;
    this.isLeftAlone = wait === undefined;
    if (wait !== undefined) this.#cancel = this.#clock.after(wait, () => void this.#send());
    this.#turn("running");
  }

  /** @param {unknown} error */
  #notDone(error) {
    const known = error instanceof WireError ? error : null;
    this.reason = known?.problem.detail ?? (error instanceof Error ? error.message : String(error));
    if (known?.code === "needs_confirmation" && known.problem.confirmation) {
      this.question = this.reason;
      this.#confirmation = known.problem.confirmation;
      this.#turn("asking");
    } else if (this.#mayHaveBegun || !known || known.status < 400 || known.status >= 500) {
      // A refusal of what may be under way says nothing about the first time.
      this.#mayHaveBegun = true;
      this.#turn("unknown");
    } else if (known.status === 422) {
      this.faults = known.problem.faults ?? [this.reason];
      this.#turn("ready");
    } else {
      this.#turn("refused");
    }
  }

  /** @param {State} state */
  #turn(state) {
    this.state = state;
    this.#onChange();
  }
}

/**
 * Whether what an action does deserves a second look, whatever its plugin thinks of it.
 * @param {Pick<Action, "effect">} action
 */
export function isGrave({ effect }) {
  return effect === "money" || effect === "irreversible";
}
