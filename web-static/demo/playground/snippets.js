// @ts-check

import { code } from "./before-send.js";
import { literal } from "./calls.js";
import { toBoot } from "./options.js";

/** @typedef {import("./options.js").Settings} Settings */

/** What a page has to contain to embed the chat with the settings, in several ways of writing. */

/**
 * @typedef {object} Snippet
 * @property {string} name of its tab
 * @property {string} says where it goes
 * @property {string} text
 */

const queue = [
  "window.maitred ??= (...call) => new Promise((resolve, reject) =>",
  "  (window.maitred.q ??= []).push({ call, resolve, reject }));",
];

/**
 * @param {Settings} settings
 * @param {{origin: string, policy: string}} chat where it is, and what a page's policy has to allow
 * @returns {Snippet[]}
 */
export function snippets(settings, { origin, policy }) {
  const src = `${origin}/widget/v1/loader.js`;
  return [
    { name: "HTML", says: "Anywhere in the page.", text: html(settings, src) },
    {
      name: "Queue and calls",
      says: "In a script of yours, which need not wait for loader.js.",
      text: calls(settings, src),
    },
    { name: "React", says: "Once, near the root.", text: react(settings, src) },
    {
      name: "Policy",
      says: "If your pages send a Content-Security-Policy, add these. Nothing unsafe is needed.",
      text: policy.split("; ").join(";\n"),
    },
  ];
}

/** @param {Settings} settings @param {string} src */
function html(settings, src) {
  const attributes = Object.entries(toBoot(settings)).map(([name, value]) =>
    `data-${name}="${attribute(Array.isArray(value) ? value.join(", ") : String(value))}"`);
  const start = `<script async src="${src}"`;
  const tag = `${[start, ...attributes].join("\n  ")}></script>`;
  const named = ["identify", "beforeSend"].filter((name) => settings[name]);
  return named.length === 0
    ? tag
    : `${tag}\n<!-- ${named.join(" and ")}: from a script of yours, see Queue and calls -->`;
}

/** @param {Settings} settings @param {string} src */
function calls(settings, src) {
  return [
    "// The page loads, in any order:",
    `// <script async src="${src}"></script>`,
    ...queue,
    "",
    boot(settings, ""),
    'maitred("context", { page: "billing.invoice", facts: { invoice_id: "in_123" } });',
    'const stop = await maitred("on", "unread", (count) => badge(count));',
  ].join("\n");
}

/** @param {Settings} settings @param {string} src */
function react(settings, src) {
  return [
    'import { useEffect } from "react";',
    "",
    ...queue,
    "",
    "export function Support({ page, facts }) {",
    "  useEffect(() => {",
    `    const src = "${src}";`,
    "    if (!document.querySelector(`script[src=\"${src}\"]`)) {",
    '      document.head.append(Object.assign(document.createElement("script"), { src }));',
    "    }",
    boot(settings, "    "),
    "  }, []);",
    "  useEffect(() => {",
    '    maitred("context", { page, facts });',
    "  }, [page, facts]);",
    "  return null;",
    "}",
  ].join("\n");
}

/** @param {Settings} settings @param {string} indent */
function boot(settings, indent) {
  const fields = Object.entries(toBoot(settings))
    .map(([name, value]) => `${name}: ${literal(value)}`);
  if (settings.identify) {
    fields.push('identify: async () => (await fetch("/maitred-token")).text()');
  }
  if (settings.beforeSend) fields.push(`beforeSend: ${code(settings, `${indent}  `)}`);
  return fields.length < 2
    ? `${indent}maitred("boot", { ${fields.join("")} });`
    : [`${indent}maitred("boot", {`, ...fields.map((each) => `${indent}  ${each},`), `${indent}});`]
      .join("\n");
}

/** @param {string} text */
function attribute(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
