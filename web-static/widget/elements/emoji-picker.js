// @ts-check

import { fill, h } from "../../shared/dom.js";

/** The ones people use most in such talks; a screen reader knows their names. */
const emoji = [
  ..."😀😃😄😁😅😂🙂😉😊😍🥰😘😎🤩🤗🤔😐😕🙁😢😭😤😡😱😴🤒🤯🥳😇🙃😬🙄",
  ..."👍👎👌👏🙌🙏🤝💪👋🤞🎉🔥⭐💡✅❌❓❗💯💔🚀⏰📎📷☕🎁🌞🌈",
  "❤️",
];
const columns = 8;

/**
 * A grid of emoji over the composer. The arrow keys move in it, Escape leaves it.
 * @param {import("../../shared/strings.js").Strings} strings
 * @param {HTMLButtonElement} opener shows and hides it
 * @param {(emoji: string) => void} pick
 */
export function emojiPicker(strings, opener, pick) {
  const grid = h("div", { class: "emoji__grid" });
  const panel = h(
    "div",
    { id: "emoji-panel", class: "emoji", role: "dialog", "aria-label": strings.say("emoji"),
      hidden: true },
    grid,
  );
  opener.setAttribute("aria-haspopup", "dialog");
  opener.setAttribute("aria-controls", panel.id);
  opener.setAttribute("aria-expanded", "false");

  const buttons = () => [...grid.querySelectorAll("button")];

  /** @param {boolean} shown */
  const show = (shown) => {
    if (panel.hidden !== shown) return;
    if (shown && grid.childElementCount === 0) {
      fill(grid, emoji.map((each, index) =>
        h("button", { class: "emoji__one", type: "button", tabindex: index ? "-1" : "0" }, each)));
    }
    panel.hidden = !shown;
    opener.setAttribute("aria-expanded", String(shown));
    if (shown) grid.querySelector("button")?.focus();
  };

  /** @param {number} index */
  const goTo = (index) => {
    const all = buttons();
    const next = all[Math.max(0, Math.min(all.length - 1, index))];
    for (const each of all) each.tabIndex = each === next ? 0 : -1;
    next.focus();
  };

  opener.addEventListener("click", () => show(panel.hidden));
  grid.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest("button");
    if (!button) return;
    show(false);
    pick(button.textContent ?? "");
  });
  panel.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const forward = document.documentElement.dir === "rtl" ? -1 : 1;
    const to = {
      ArrowRight: at + forward,
      ArrowLeft: at - forward,
      ArrowDown: at + columns,
      ArrowUp: at - columns,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      goTo(to);
    }
  });
  // Wherever the focus is: the chat itself closes at the next Escape only.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    show(false);
    opener.focus();
  }, { capture: true });
  panel.addEventListener("focusout", ({ relatedTarget }) => {
    const next = /** @type {Node | null} */ (relatedTarget);
    if (next && next !== opener && !panel.contains(next)) show(false);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    const node = /** @type {Node} */ (target);
    if (!panel.contains(node) && !opener.contains(node)) show(false);
  });
  return panel;
}
