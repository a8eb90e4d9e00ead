// @ts-check

/** What Tideline knows: one small studio, made up. */

export const workspace = {
  name: "Fjord & Fern",
  plan: "Studio",
  role: "owner",
  members: 6,
  seats: 8,
};

export const projects = [
  {
    id: "harbour",
    name: "Harbour Museum website",
    client: "Harbour Museum",
    due: "12 Dec",
    spent: 41,
    budget: 60,
    state: "On track",
  },
  {
    id: "lantern",
    name: "Lantern packaging",
    client: "Lantern Tea",
    due: "28 Nov",
    spent: 33,
    budget: 32,
    state: "Over budget",
  },
  {
    id: "northline",
    name: "Northline brand refresh",
    client: "Northline Ferries",
    due: "17 Jan",
    spent: 12,
    budget: 80,
    state: "On track",
  },
  {
    id: "almanac",
    name: "Garden almanac",
    client: "Moss & Sons",
    due: "4 Dec",
    spent: 18,
    budget: 24,
    state: "Waiting for client",
  },
];

export const board = [
  {
    title: "To do",
    cards: [
      ["Opening hours page", "Ida"],
      ["Image rights for the archive", "Tom"],
      ["Translate the tickets flow", "Noor"],
    ],
  },
  {
    title: "In progress",
    cards: [["Exhibition template", "Noor"], ["Accessible floor plan", "Ida"]],
  },
  { title: "With the client", cards: [["Colour for the night programme", "Ida"]] },
  {
    title: "Done",
    cards: [["Type and grid", "Tom"], ["Sitemap", "Ida"], ["Kick-off notes", "Ida"]],
  },
];

export const invoices = [
  {
    id: "INV-2041",
    client: "Lantern Tea",
    date: "1 Nov 2026",
    amount: "€ 2,480.00",
    state: "Payment failed",
  },
  {
    id: "INV-2040",
    client: "Harbour Museum",
    date: "1 Nov 2026",
    amount: "€ 6,150.00",
    state: "Sent",
  },
  {
    id: "INV-2038",
    client: "Moss & Sons",
    date: "15 Oct 2026",
    amount: "€ 1,320.00",
    state: "Overdue",
  },
  {
    id: "INV-2035",
    client: "Northline Ferries",
    date: "1 Oct 2026",
    amount: "€ 4,900.00",
    state: "Paid",
  },
  {
    id: "INV-2031",
    client: "Harbour Museum",
    date: "1 Oct 2026",
    amount: "€ 6,150.00",
    state: "Paid",
  },
];

export const invoiceLines = [
  ["Packaging design, second round", "16 h", "€ 1,440.00"],
  ["Print supervision", "6 h", "€ 540.00"],
  ["Proofs and courier", "", "€ 104.03"],
];

export const plans = [
  {
    name: "Solo",
    price: "€ 9",
    lead: "One person, three projects.",
    points: ["Invoices and reminders", "Time tracking", "Email support"],
  },
  {
    name: "Studio",
    price: "€ 29",
    lead: "Up to eight people.",
    points: ["Unlimited projects", "Client approvals", "Live chat support"],
  },
  {
    name: "Agency",
    price: "€ 79",
    lead: "Up to thirty people.",
    points: ["Roles and teams", "Single sign-on", "A person you can call"],
  },
];

export const team = [
  { name: "Ida Holm", email: "ida@fjordfern.example", role: "Owner", seen: "Now" },
  { name: "Tom Okafor", email: "tom@fjordfern.example", role: "Designer", seen: "2 hours ago" },
  { name: "Noor Haddad", email: "noor@fjordfern.example", role: "Developer", seen: "Yesterday" },
  { name: "Elsa Brandt", email: "elsa@fjordfern.example", role: "Accounts", seen: "3 days ago" },
];

export const sessions = [
  { device: "Firefox on Linux", place: "Bergen, Norway", seen: "This device" },
  { device: "Safari on iPhone", place: "Bergen, Norway", seen: "Yesterday, 18:20" },
];

export const questions = [
  [
    "Why was a payment declined?",
    "Banks have many reasons. Open the invoice to see what they told us, then try again.",
  ],
  [
    "How do I invite somebody?",
    "Go to Team, enter their address, choose a role. They take a seat once they accept.",
  ],
  [
    "Can I change my plan in the middle of a month?",
    "Yes. You pay the difference for the days that are left, and get credit when you move down.",
  ],
];
