// @ts-check

/** A text that comes in numbered pieces, any of which may be lost. */
export class GrowingText {
  /** @type {string[]} */
  #pieces = [];

  /** @param {number} number 0, 1, 2 … @param {string} piece */
  add(number, piece) {
    this.#pieces[number] ??= piece;
  }

  /** What is there of it; what is missing in between is an ellipsis. */
  get text() {
    let text = "";
    let isWhole = true;
    // Holes count too: `forEach` would leave them out.
    for (const piece of this.#pieces) {
      if (piece === undefined) isWhole = false;
      else {
        text += isWhole ? piece : ` … ${piece}`;
        isWhole = true;
      }
    }
    return text.trim();
  }
}
