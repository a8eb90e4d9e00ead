// @ts-check

/**
 * The text colour that is readable on a brand's colour, by the contrast of WCAG 2. Of a few shades
 * in the middle only black is far enough away.
 * @param {string} colour `#rrggbb`
 * @returns {string}
 */
export function inkOn(colour) {
  const inks = ["#ffffff", "#10181c", "#000000"];
  return inks.find((ink) => contrastOf(colour, ink) >= 4.5) ?? "#000000";
}

/** Our surfaces, and the contrast of text on them that leaves room for a wash beneath it. */
const surfaces = { light: "#fcfdfd", dark: "#161b1e" };
const wanted = 5.4;

/**
 * The brand's colour as text: moved towards black, or in the dark towards white, until it can be
 * read on the surface.
 * @param {string} colour `#rrggbb`
 * @param {keyof typeof surfaces} scheme
 */
export function textOf(colour, scheme) {
  const end = scheme === "light" ? 0 : 255;
  for (let part = 0; part < 1; part += 0.04) {
    const mixed = mix(colour, end, part);
    if (contrastOf(mixed, surfaces[scheme]) >= wanted) return mixed;
  }
  return mix(colour, end, 1);
}

/** @param {string} colour @param {number} end @param {number} part of it */
function mix(colour, end, part) {
  const sides = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
  return `#${sides.map((side) =>
    Math.round(side + (end - side) * part).toString(16).padStart(2, "0")).join("")}`;
}

/**
 * The contrast of two colours, from 1 to 21.
 * @param {string} one `#rrggbb`
 * @param {string} other
 */
export function contrastOf(one, other) {
  return contrast(luminance(one), luminance(other));
}

/** @param {unknown} colour @returns {colour is string} */
export function isColour(colour) {
  return typeof colour === "string" && /^#[0-9a-f]{6}$/i.test(colour);
}

/** @param {string} colour */
function luminance(colour) {
  const [r, g, b] = [1, 3, 5]
    .map((start) => parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {number} one @param {number} other */
function contrast(one, other) {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
