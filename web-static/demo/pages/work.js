// @ts-check

import { h } from "../../shared/dom.js";
import { board, invoices, projects, questions, workspace } from "../studio.js";
import { bar, chip, face, head, table } from "./parts.js";

const revenue = [31, 28, 36, 33, 42, 39, 47, 44, 52, 49, 58, 63];

export function dashboard() {
  /** @type {(value: string, label: string, note: string) => Node} */
  const figure = (value, label, note) =>
    h(
      "div",
      { class: "card figure" },
      h("p", { class: "figure__label" }, label),
      h("p", { class: "figure__value" }, value),
      h("p", { class: "figure__note" }, note),
    );
  return {
    content: [
      head("Good morning, Ida", `${workspace.name} · three things need you today`),
      h("div", { class: "grid grid--three" },
        figure("€ 9,950", "Outstanding", "one payment failed"),
        figure("104 h", "This week", "six hours more than planned"),
        figure("3 of 4", "Projects on track", "Lantern is over budget")),
      h("div", { class: "grid grid--two" },
        h("section", { class: "card" }, h("h2", {}, "Revenue"), chart(revenue)),
        h("section", { class: "card" }, h("h2", {}, "Needs you"), h("ul", { class: "todo" },
          h(
            "li",
            {},
            h("a", { href: "/demo/billing/invoices/INV-2041" }, "Payment for INV-2041 failed"),
            chip("Payment failed"),
          ),
          h(
            "li",
            {},
            h("a", { href: "/demo/projects/almanac" }, "Almanac proofs are with Moss & Sons"),
            chip("Waiting for client"),
          ),
          h(
            "li",
            {},
            h("a", { href: "/demo/billing/invoices" }, "INV-2038 is two weeks late"),
            chip("Overdue"),
          )))),
    ],
    facts: { overdue_invoices: 1, failed_payments: 1 },
  };
}

export function projectList() {
  return {
    content: [
      head("Projects", `${projects.length} running`),
      table(["Project", "Client", "Due", "Hours", "State"], projects.map((project) => [
        h("a", { href: `/demo/projects/${project.id}` }, project.name),
        project.client,
        project.due,
        h(
          "span",
          { class: "hours" },
          bar(project.spent, project.budget, `${project.spent} of ${project.budget} hours`),
          `${project.spent} / ${project.budget}`,
        ),
        chip(project.state),
      ])),
    ],
    facts: { projects: projects.length },
  };
}

/** @param {string} id */
export function projectBoard(id) {
  const project = projects.find((each) => each.id === id) ?? projects[0];
  return {
    title: project.name,
    content: [
      head(project.name, `${project.client} · due ${project.due}`, chip(project.state)),
      h("div", { class: "board" }, board.map((column) =>
        h(
          "section",
          { class: "board__column" },
          h("h2", {}, column.title, h("span", {}, String(column.cards.length))),
          column.cards.map(([title, who]) =>
            h("article", { class: "card board__card" }, h("p", {}, title), face(who)),
          ),
        ))),
    ],
    facts: {
      project_id: project.id,
      project_state: project.state,
      budget_hours: project.budget,
      spent_hours: project.spent,
    },
  };
}

export function help() {
  const ask = h("button", { id: "ask", class: "button", type: "button" }, "Chat with us");
  ask.addEventListener("click", () => /** @type {any} */ (window).maitred("open"));
  return {
    content: [
      head("Help", "Short answers here, long ones in the chat", ask),
      h(
        "div",
        { class: "card" },
        questions.map(([question, answer]) =>
          h("details", { class: "question" }, h("summary", {}, question), h("p", {}, answer)),
        ),
      ),
    ],
    facts: { open_invoices: invoices.filter((invoice) => invoice.state !== "Paid").length },
  };
}

/**
 * A curve of the year, drawn as one path.
 * @param {number[]} values
 */
function chart(values) {
  const [width, height] = [520, 170];
  const top = Math.max(...values) * 1.15;
  const points = values.map((value, index) =>
    [(index * width) / (values.length - 1), height - (value / top) * height],
  );
  const curve = points.map(([x, y], index) => {
    if (index === 0) return `M${x},${y}`;
    const [bx, by] = points[index - 1];
    const middle = (bx + x) / 2;
    return `C${middle},${by} ${middle},${y} ${x},${y}`;
  }).join(" ");
  const svg = element(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      class: "chart",
      role: "img",
      "aria-label": "Revenue by month, rising from 31 to 63 thousand euros",
    },
  );
  svg.append(
    element("path", { d: `${curve} L${width},${height} L0,${height} Z`, class: "chart__area" }),
    element("path", { d: curve, class: "chart__line" }),
  );
  return h(
    "div",
    {},
    svg,
    h(
      "p",
      { class: "chart__months", "aria-hidden": "true" },
      h("span", {}, "Dec"),
      h("span", {}, "Mar"),
      h("span", {}, "Jun"),
      h("span", {}, "Sep"),
      h("span", {}, "Nov"),
    ),
  );
}

/** @param {string} name @param {Record<string, string>} attributes */
function element(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
