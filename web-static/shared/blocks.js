// @ts-check

import { h } from "./dom.js";

/**
 * Draws the blocks of a message. Nothing here ever becomes HTML by being parsed: every text is a
 * text node, every address is looked at again although the server has done so.
 */

const deepest = 8;

/**
 * @param {object[]} blocks
 * @returns {HTMLElement}
 */
export function renderBlocks(blocks) {
  return h("div", { class: "blocks" }, renderAll(blocks, 0));
}

/**
 * A message without blocks: its text as written, with addresses made into links.
 * @param {string} text
 */
export function renderText(text) {
  return h("div", { class: "blocks blocks__text", dir: "auto" }, linked(text));
}

/**
 * An address that may be followed or shown: https, http, mailto, or a path of the site.
 * @param {unknown} url
 * @returns {string | null}
 */
export function safeURL(url) {
  if (typeof url !== "string") return null;
  if (/^(https?:\/\/|mailto:)/i.test(url)) return url;
  return /^\/(?![/\\])/.test(url) ? url : null;
}

/**
 * @param {any} blocks
 * @param {number} depth
 * @returns {HTMLElement[]}
 */
function renderAll(blocks, depth) {
  if (!Array.isArray(blocks) || depth > deepest) return [];
  return blocks.flatMap((block) => renderBlock(block, depth) ?? []);
}

/**
 * @param {any} block
 * @param {number} depth
 * @returns {HTMLElement | null} null for a type this version does not know
 */
function renderBlock(block, depth) {
  switch (block?.type) {
    case "paragraph":
      return h("p", { dir: "auto" }, renderInlines(block.inline, depth));
    case "heading":
      // A heading inside a message must not disturb the outline of the page around it.
      return h("p", { class: "blocks__heading", dir: "auto" }, renderInlines(block.inline, depth));
    case "list":
      return h(
        block.ordered ? "ol" : "ul",
        { dir: "auto" },
        asList(block.items).map((item) => h("li", {}, renderAll(item, depth + 1))),
      );
    case "code":
      return h("pre", { dir: "ltr", tabindex: "0" }, h("code", {}, String(block.text ?? "")));
    case "quote":
      return h("blockquote", {}, renderAll(block.blocks, depth + 1));
    case "rule":
      return h("hr");
    case "image":
      return renderImage(block);
    case "link_card":
      return renderLinkCard(block);
    default:
      return null;
  }
}

/** @param {any} block */
function renderImage(block) {
  const url = safeURL(block.url);
  const alt = String(block.alt ?? "");
  if (!url || url.startsWith("mailto:")) return h("p", {}, alt);
  return h("img", {
    src: url,
    alt,
    // With both the place of the image is kept free until it has come.
    width: pixels(block.height) && pixels(block.width),
    height: pixels(block.width) && pixels(block.height),
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
}

/**
 * A page worth a look: all of it is one link. Without an address it is the words alone.
 * @param {any} block
 */
function renderLinkCard(block) {
  const url = safeURL(block.url);
  const title = String(block.title ?? "");
  const words = [
    h("span", { class: "link-card__title", dir: "auto" }, title || url || ""),
    block.text && h("span", { class: "link-card__text", dir: "auto" }, String(block.text)),
    url && h("span", { class: "link-card__host", dir: "ltr" }, hostOf(url)),
  ];
  const image = safeURL(block.image?.url);
  const parts = [
    image && !image.startsWith("mailto:") &&
      h("img", { src: image, alt: "", loading: "lazy", referrerpolicy: "no-referrer" }),
    h("span", { class: "link-card__words" }, words),
  ];
  if (!url) return h("div", { class: "link-card" }, parts);
  return h(
    "a",
    { class: "link-card", href: url, target: "_blank", rel: "noopener noreferrer" },
    parts,
  );
}

/** @param {string} url */
function hostOf(url) {
  return url.match(/^https?:\/\/(?:www\.)?([^/?#:]+)/i)?.[1] ?? "";
}

/** @param {unknown} side */
function pixels(side) {
  return Number.isInteger(side) && Number(side) > 0 && Number(side) <= 10_000 ? Number(side) : null;
}

/**
 * @param {any} inlines
 * @param {number} depth
 * @returns {(Node | string)[]}
 */
function renderInlines(inlines, depth) {
  if (depth > deepest) return [];
  return asList(inlines).flatMap((inline) => renderInline(inline, depth + 1));
}

/**
 * @param {any} inline
 * @param {number} depth
 * @returns {(Node | string)[]}
 */
function renderInline(inline, depth) {
  switch (inline?.type) {
    case "text":
      return [String(inline.text ?? "")];
    case "strong":
      return [h("strong", {}, renderInlines(inline.inline, depth))];
    case "emphasis":
      return [h("em", {}, renderInlines(inline.inline, depth))];
    case "code":
      return [h("code", { dir: "ltr" }, String(inline.text ?? ""))];
    case "break":
      return [h("br")];
    case "link":
      return [link(inline.url, renderInlines(inline.inline, depth))];
    default:
      return [];
  }
}

/**
 * @param {unknown} url
 * @param {(Node | string)[]} children
 */
function link(url, children) {
  const safe = safeURL(url);
  if (!safe) return h("span", {}, children);
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, children);
}

/**
 * @param {string} text
 * @returns {(Node | string)[]}
 */
function linked(text) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/i);
  return parts.map((part, index) => (index % 2 === 1 ? link(part, [part]) : part));
}

/** @param {any} value @returns {any[]} */
function asList(value) {
  return Array.isArray(value) ? value : [];
}
