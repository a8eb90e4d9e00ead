// @ts-check

import { byID, fill, h } from "../shared/dom.js";
import * as billing from "./pages/billing.js";
import * as settings from "./pages/settings.js";
import * as work from "./pages/work.js";
import { workspace } from "./studio.js";

/**
 * Calls made before the loader has arrived wait for it: all that an embedding page needs to know
 * about loading.
 */
const page = /** @type {any} */ (window);
page.maitred ??= (/** @type {any[]} */ ...call) =>
  new Promise((resolve, reject) => (page.maitred.q ??= []).push({ call, resolve, reject }));

// Tideline's own server says who is signed in, as any product's does.
page.maitred("identify", async () => (await fetch("/demo/identity")).text());

/**
 * @typedef {object} Route
 * @property {string} path
 * @property {string} section within which links change the page without loading it
 * @property {string} page the key that maitred's rules may ask for
 * @property {string} title
 * @property {(id: string) => {content: Node[], facts?: object, title?: string}} draw
 */

/** @type {Route[]} */
const routes = [
  { path: "/demo/", section: "work", page: "dashboard", title: "Dashboard", draw: work.dashboard },
  {
    path: "/demo/projects",
    section: "work",
    page: "projects",
    title: "Projects",
    draw: work.projectList,
  },
  {
    path: "/demo/projects/:id",
    section: "work",
    page: "project.board",
    title: "Board",
    draw: work.projectBoard,
  },
  {
    path: "/demo/billing/invoices",
    section: "billing",
    page: "billing.invoices",
    title: "Invoices",
    draw: billing.invoiceList,
  },
  {
    path: "/demo/billing/invoices/:id",
    section: "billing",
    page: "billing.invoice",
    title: "Invoice",
    draw: billing.invoice,
  },
  {
    path: "/demo/billing/plan",
    section: "billing",
    page: "billing.plan",
    title: "Plan",
    draw: billing.plan,
  },
  {
    path: "/demo/settings/team",
    section: "settings",
    page: "settings.team",
    title: "Team",
    draw: settings.teamPage,
  },
  {
    path: "/demo/settings/security",
    section: "settings",
    page: "settings.security",
    title: "Security",
    draw: settings.security,
  },
  {
    path: "/demo/settings/integrations",
    section: "settings",
    page: "settings.integrations",
    title: "Integrations",
    draw: settings.integrations,
  },
  { path: "/demo/help", section: "work", page: "help", title: "Help", draw: work.help },
];

const navigation = [
  ["Dashboard", "/demo/"],
  ["Projects", "/demo/projects"],
  ["Invoices", "/demo/billing/invoices"],
  ["Plan", "/demo/billing/plan"],
  ["Team", "/demo/settings/team"],
  ["Security", "/demo/settings/security"],
  ["Integrations", "/demo/settings/integrations"],
  ["Help", "/demo/help"],
];

/** @param {string} path @returns {{route: Route, id: string}} */
function match(path) {
  const clean = path === "/demo" || path === "/demo/index.html" ? "/demo/" : path;
  for (const route of routes) {
    const pattern = new RegExp(`^${route.path.replace(":id", "([\\w-]+)")}/?$`);
    const found = pattern.exec(clean);
    if (found) return { route, id: found[1] ?? "" };
  }
  return { route: routes[0], id: "" };
}

function show() {
  const { route, id } = match(location.pathname);
  const { content, facts, title = route.title } = route.draw(id);
  document.title = `${title} · Tideline`;
  document.body.dataset.page = route.page;
  fill(byID("main"), content);
  fill(byID("nav"), navigation.map(([name, path]) => {
    const isHere =
      location.pathname === path || (path !== "/demo/" && location.pathname.startsWith(`${path}/`));
    return h("a", { href: path, "aria-current": isHere ? "page" : null }, name);
  }));
  page.maitred("context", {
    page: route.page,
    facts: {
      workspace: workspace.name,
      plan: workspace.plan.toLowerCase(),
      role: workspace.role,
      ...facts,
    },
  });
}

// Links within a section change the page in place; the others load it, as old and new parts of a
// real product do.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.origin !== location.origin || event.ctrlKey || event.metaKey || link.hash) {
    return;
  }
  if ("away" in link.dataset) return;
  if (match(link.pathname).route.section !== match(location.pathname).route.section) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  show();
  byID("main").focus({ preventScroll: true });
  window.scrollTo(0, 0);
});
window.addEventListener("popstate", show);
show();
