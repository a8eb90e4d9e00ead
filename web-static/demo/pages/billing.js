// @ts-check

import { h } from "../../shared/dom.js";
import { invoiceLines, invoices, plans, workspace } from "../studio.js";
import { bar, chip, head, table } from "./parts.js";

export function invoiceList() {
  return {
    content: [
      head(
        "Invoices",
        "€ 9,950.00 outstanding",
        h("a", { class: "button button--quiet", href: "/demo/billing/plan" }, "Your plan"),
      ),
      table(["Invoice", "Client", "Date", "Amount", "State"], invoices.map((invoice) => [
        h("a", { href: `/demo/billing/invoices/${invoice.id}` }, invoice.id),
        invoice.client,
        invoice.date,
        h("span", { class: "amount" }, invoice.amount),
        chip(invoice.state),
      ])),
    ],
    facts: { open_invoices: 3, failed_payments: 1 },
  };
}

/** @param {string} id */
export function invoice(id) {
  const shown = invoices.find((each) => each.id === id) ?? invoices[0];
  const isFailed = shown.state === "Payment failed";
  return {
    title: `Invoice ${shown.id}`,
    content: [
      head(shown.id, `${shown.client} · ${shown.date}`, chip(shown.state)),
      isFailed
        ? h(
          "div",
          { class: "warning", role: "status" },
          h(
            "div",
            {},
            h("strong", {}, "The bank declined this payment."),
            h("p", {}, "Lantern Tea’s card was refused on 3 November (card_declined)."),
          ),
          h("button", { class: "button", type: "button" }, "Try again"),
        )
        : h("span"),
      h("div", { class: "card invoice" },
        h(
          "div",
          { class: "invoice__head" },
          h(
            "div",
            {},
            h("p", { class: "figure__label" }, "From"),
            h("p", {}, workspace.name),
            h("p", {}, "Strandgaten 12, Bergen"),
          ),
          h(
            "div",
            {},
            h("p", { class: "figure__label" }, "To"),
            h("p", {}, shown.client),
            h("p", {}, "Accounts department"),
          ),
        ),
        h(
          "dl",
          { class: "lines" },
          invoiceLines.map(([what, hours, price]) =>
            h("div", {}, h("dt", {}, what, h("small", {}, hours)), h("dd", {}, price)),
          ),
          h("div", {}, h("dt", {}, "VAT 19 %"), h("dd", {}, "€ 395.97")),
          h("div", { class: "lines__total" }, h("dt", {}, "Total"), h("dd", {}, shown.amount)),
        ),
        h("p", {}, h("button", { class: "button button--quiet", type: "button" }, "Download PDF"))),
    ].filter((node) => node.childNodes.length > 0),
    facts: {
      invoice_id: shown.id,
      invoice_state: shown.state,
      amount: shown.amount,
      ...(isFailed ? { error: "card_declined" } : {}),
    },
  };
}

export function plan() {
  return {
    content: [
      head("Plan", `You are on ${workspace.plan}`),
      h(
        "div",
        { class: "card seats" },
        h("p", {}, `${workspace.members} of ${workspace.seats} seats in use`),
        bar(workspace.members, workspace.seats, `${workspace.members} of ${workspace.seats} seats`),
      ),
      h("div", { class: "grid grid--three" }, plans.map((each) => {
        const isCurrent = each.name === workspace.plan;
        return h("section", { class: isCurrent ? "card offer offer--current" : "card offer" },
          h(
            "h2",
            {},
            each.name,
          ), h(
            "p",
            { class: "offer__price" },
            each.price,
            h("small", {}, " a month"),
          ), h("p", {}, each.lead),
          h("ul", {}, each.points.map((point) => h("li", {}, point))),
          h(
            "button",
            {
              class: isCurrent ? "button button--quiet" : "button",
              type: "button",
              disabled: isCurrent,
            },
            isCurrent ? "Your plan" : `Move to ${each.name}`,
          ));
      })),
    ],
    facts: { seats_used: workspace.members, seats: workspace.seats, renewal: "2027-02-01" },
  };
}
