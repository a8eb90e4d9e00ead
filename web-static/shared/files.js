// @ts-check

/**
 * A file that belongs to a message. What has no `id` is still on its way.
 * @typedef {object} SharedFile
 * @property {string} [id]
 * @property {string} name
 * @property {string} type a media type
 * @property {number} size in bytes
 * @property {number} [width] of an image
 * @property {number} [height] of an image
 */

/** The longest side of an image in a message, in CSS pixels. */
const widest = 260;
const tallest = 240;

/**
 * A size as people of `locale` write it, such as "1.4 MB".
 * @param {number} bytes
 * @param {string} locale
 */
export function sizeWords(bytes, locale) {
  const [unit, value] = bytes < 1000
    ? ["byte", bytes]
    : bytes < 999_500 ? ["kilobyte", bytes / 1000] : ["megabyte", bytes / 1_000_000];
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    maximumFractionDigits: unit === "megabyte" && value < 100 ? 1 : 0,
  }).format(value);
}

/** Whether browsers can draw it, and the server lets them. @param {{type: string}} file */
export function isPicture({ type }) {
  return /^image\/(png|jpeg|gif|webp)$/.test(type);
}

/**
 * The box kept free for an image before it has come, so that nothing moves when it does.
 * @param {SharedFile} file
 * @returns {{width: number, height: number}}
 */
export function boxOf({ width = 0, height = 0 }) {
  if (!(width > 0 && height > 0)) return { width: widest, height: 160 };
  const scale = Math.min(1, widest / width, tallest / height);
  return {
    width: Math.max(24, Math.round(width * scale)),
    height: Math.max(24, Math.round(height * scale)),
  };
}
