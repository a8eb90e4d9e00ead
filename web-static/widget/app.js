// @ts-check

import { wakeWith } from "../shared/connection.js";
import { openLetterStore } from "../shared/letter-store.js";
import { KeptValues } from "../shared/storage.js";
import { restWith } from "./backroom.js";
import { endLate } from "./end-late.js";
import { HostPort } from "./host-port.js";
import { PartitionedCookies } from "./partitioned-cookies.js";
import { SessionEnds } from "./session-ends.js";
import { stringsFor } from "./strings/index.js";
import { TabChannel } from "./tabs/tab-channel.js";
import { WidgetApp } from "./widget-app.js";
import { WidgetView } from "./widget-view.js";

const site = new URLSearchParams(location.search).get("site") ?? "";
const lasting = () => {
  try {
    return localStorage;
  } catch {
    return new PartitionedCookies(document, location.pathname);
  }
};
const kept = new KeptValues(site, lasting);
const ends = new SessionEnds({ kept: new KeptValues(`ended:${site}`, lasting) });
const perTab = new KeptValues(site, () => sessionStorage);
const channel = new TabChannel(`maitred:${site}`);

const host = new HostPort();
const [hello, config, letters] = await Promise.all([
  host.meet(window),
  fetchConfig(),
  openLetterStore(site),
]);

void ends.retry();
if (hello?.ended) await endLate({ channel, kept, perTab, letters, ends });

const wanted = [
  hello?.locale,
  new URLSearchParams(location.search).get("locale"),
  config.site?.language,
  ...navigator.languages,
];
const strings = await stringsFor(wanted, (language) => import(`./strings/${language}.js`));
document.documentElement.lang = strings.language;
document.documentElement.dir = strings.direction;
setTheme(hello?.theme);

const view = new WidgetView(strings, config, hello ? `${hello.origin}${hello.base}` : "");
const sound = hello?.sound === true;
const names = hello?.identified === true;
const app = new WidgetApp({
  site, config, channel, kept, perTab, letters, ends, host, names, view, strings, sound,
});
restWith(app, window);
wakeWith(app, window);
window.addEventListener("online", () => void ends.retry());
host.begin((message) => hostSays(message));
await app.begin(hello ? hello.open : true);
if (!hello) view.composer.focusField();

/** @returns {Promise<any>} */
async function fetchConfig() {
  try {
    const response = await fetch(
      `/v1/widget/config?site=${encodeURIComponent(site)}`,
      { credentials: "omit" },
    );
    return response.ok ? await response.json() : {};
  } catch {
    // Offline: the conversation starts with what this page knows by itself.
    return {};
  }
}

/** @param {string | undefined} theme */
function setTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

/** @param {any} message */
async function hostSays(message) {
  switch (message?.t) {
    case "open": return app.opened();
    case "focus": return view.composer.focusField();
    case "close": return app.closed();
    case "context": return app.pageChanged(message.context);
    case "identify": return app.identityChanged();
    case "track": return app.track(message.name, message.data);
    case "compose": return view.compose(String(message.text ?? ""));
    case "ask": return app.say(String(message.text ?? ""));
    case "theme": return setTheme(message.theme);
    case "locale": return location.reload();
    case "shutdown": return answer(message.id, app.shutdown());
  }
}

/**
 * Tells the page how what it asked for went.
 * @param {number} re
 * @param {Promise<void>} work
 */
async function answer(re, work) {
  try {
    await work;
    host.tell({ t: "done", re });
  } catch (error) {
    host.tell({ t: "done", re, error: error instanceof Error ? error.message : String(error) });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  event.preventDefault();
  host.tell({ t: "close" });
});
