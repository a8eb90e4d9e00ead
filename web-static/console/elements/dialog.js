// @ts-check

import { h } from "../../shared/dom.js";
import { say } from "../strings.js";

/**
 * Opens a modal dialog. The browser keeps the focus inside and gives it back at the end. A press
 * outside closes it, unless something in it would be lost.
 * @param {string} id
 * @param {string} title
 * @param {(close: () => void) => Node[]} content
 * @param {object} options
 * @param {() => boolean} [options.isHeld] whether there is something to lose
 * @param {() => void} [options.onClose]
 * @returns {HTMLDialogElement}
 */
export function openDialog(id, title, content, { isHeld = () => false, onClose } = {}) {
  document.getElementById(id)?.remove();
  const dialog = h("dialog", { id, class: "dialog", "aria-labelledby": `${id}-title` });
  const close = () => dialog.close();
  dialog.append(h("h2", { id: `${id}-title`, dir: "auto" }, title), ...content(close));
  let beganOutside = false;
  dialog.addEventListener("pointerdown", (event) => (beganOutside = isOutside(dialog, event)));
  dialog.addEventListener("click", (event) => {
    if (beganOutside && isOutside(dialog, event) && !isHeld()) close();
  });
  const before = document.activeElement?.id ?? "";
  dialog.addEventListener("close", () => {
    dialog.remove();
    // What the focus goes back to may have been drawn anew meanwhile.
    if (document.activeElement === document.body) document.getElementById(before)?.focus();
    onClose?.();
  });
  document.getElementById("dialogs")?.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * The row of buttons at the end of a dialog.
 * @param {() => void} close
 * @param {string | null} label of the button that does it
 */
export function dialogButtons(close, label) {
  return h("div", { class: "dialog__buttons" },
    h("button", { class: "button", type: "button", onclick: close }, say("cancel")),
    label && h("button", { class: "button button--primary", type: "submit" }, label));
}

/**
 * A press on the backdrop counts as one on the dialog, but lies beside its box.
 * @param {HTMLDialogElement} dialog
 * @param {MouseEvent} event
 */
function isOutside(dialog, { target, clientX, clientY }) {
  if (target !== dialog) return false;
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
