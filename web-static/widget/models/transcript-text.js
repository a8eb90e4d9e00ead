// @ts-check

/** @typedef {import("./chat.js").Line} Line */

/**
 * A conversation as a text to keep: who said what, and when.
 * @param {Line[]} lines
 * @param {object} words
 * @param {string} words.title
 * @param {string} words.locale
 * @param {string} [words.timeZone]
 * @param {(line: Line) => string} words.nameOf who wrote a line
 * @param {(line: Line) => string} words.changeOf what happened
 */
export function transcriptText(lines, { title, locale, timeZone, nameOf, changeOf }) {
  const stamp = new Intl.DateTimeFormat(locale, {
    timeZone, dateStyle: "medium", timeStyle: "short",
  });
  const parts = lines.filter(({ kind, at }) => kind !== "draft" && at !== "").map((line) => {
    const at = stamp.format(new Date(line.at));
    if (line.kind === "change") return `[${at}] ${changeOf(line)}`;
    const files = (line.files ?? []).map(({ name }) => `<${name}>`);
    const sources = (line.sources ?? []).map(({ title: source, url }) =>
      `– ${source}${url ? ` (${url})` : ""}`);
    const said = [line.text, ...files, ...sources].filter(Boolean).join("\n");
    return `[${at}] ${nameOf(line)}:\n${said.replaceAll(/^/gm, "    ")}`;
  });
  return `${[title, ...parts].join("\n\n")}\n`;
}

/** @param {string} c @param {number} now */
export function transcriptName(c, now) {
  return `conversation-${new Date(now).toISOString().slice(0, 10)}-${c.slice(-6)}.txt`;
}
