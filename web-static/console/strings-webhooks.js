// @ts-check

/**
 * What the console says about outgoing webhooks.
 * @type {import("../shared/strings.js").StringTable}
 */
export const webhookTexts = {
  webhooks: "Webhooks",

  // The list
  webhooksCount: { one: "{count} webhook, {on} on", other: "{count} webhooks, {on} on" },
  webhooksNone: "No webhooks yet",
  webhooksNoneLead:
    "A webhook tells another program what happens here: each event is sent to an address of " +
    "yours, signed, until it is taken.",
  webhooksFailed: "The webhooks could not be fetched.",
  webhooksStale: "This may be out of date: the server does not answer.",
  webhooksAll: "All webhooks",
  webhookGone: "There is no webhook “{id}” on this server.",
  webhookAdd: "Add webhook",
  webhookTypes: "Sends",
  webhookTypesAll: "Everything",
  webhookTypesSome: { one: "{count} kind of event", other: "{count} kinds of events" },
  webhookCreated: "Added",
  webhookOn: "On",
  webhookOff: "Off",
  webhookStopped: "Stopped",

  // One webhook
  webhookOnlyAdmins: "Only admins change webhooks. You can look at everything here.",
  webhookStoppedWhy: "Stopped by itself: {why}",
  webhookTest: "Send test",
  webhookTested: "A test event is on its way.",
  webhookRotate: "New secret",
  webhookRotateTitle: "Make a new secret?",
  webhookRotateLead:
    "Every delivery is then signed with the new secret, and for a day with the old one as well.",
  webhookRemove: "Remove",
  webhookRemoveTitle: "Remove this webhook?",
  webhookRemoveLead: "Nothing more is sent to {url}, and its deliveries are forgotten.",
  webhookRemoved: "The webhook has been removed.",
  webhookDisableTitle: "Switch this webhook off?",
  webhookDisableLead: "Nothing is sent while it is off. What is waiting to be sent is given up.",
  webhookChanged: "This webhook is now: {state}",
  webhookNotDone: "That did not work: {why}",

  // Its secret
  secretTitle: "The webhook's secret",
  secretNewTitle: "The webhook's new secret",
  secretLead:
    "Enter it where the deliveries arrive: it proves that they come from here. It is not shown " +
    "again.",
  secretOldUntil: "The old secret signs as well until {until}.",
  secretLabel: "Secret",
  secretCopy: "Copy",
  secretCopied: "Copied.",
  secretCopyYourself: "It is selected: copy it with your keyboard.",
  secretDone: "I have kept it",

  // Its settings
  webhookURL: "Address",
  webhookURLHint: "Events are posted here as JSON, such as https://example.com/hooks/maitred.",
  webhookURLWrong: "Enter a web address that begins with https:// or http://.",
  webhookDescription: "Description",
  webhookDescriptionHint: "What it is for, as your team calls it.",
  webhookEvents: "Events",
  webhookEventsHint: "None chosen: all of them are sent, later kinds too.",
  webhookNotAdded: "Not added:",
  "conversation.started": "A conversation begins",
  "message.created": "Somebody writes a message",
  "note.created": "Somebody writes a note",
  "conversation.handed_off": "The assistant hands over",
  "conversation.assigned": "Somebody gets a conversation",
  "conversation.resolved": "A conversation is resolved",
  "conversation.changed": "A conversation changes its state",
  "conversation.tagged": "Tags change",
  "customer.tracked": "A customer does something that the page tells of",
  "csat.received": "A customer rates",
  "answer.judged": "A customer judges an answer",
  "decision.made": "The assistant decides",
  "contact.address_left": "A customer leaves an address",
  "action.done": "An action is done",
  "workflow.ended": "A workflow ends",
  "webhook.test": "Test",

  // Its deliveries
  deliveries: "Deliveries",
  deliveriesShow: "Show",
  deliveriesAll: "All",
  deliveryPending: "Waiting",
  deliveryDelivered: "Delivered",
  deliveryFailed: "Failed",
  deliveryCancelled: "Given up",
  deliveriesNone: "Nothing has been sent yet. “Send test” tries the address.",
  deliveriesNoneSuch: "No delivery is in that state.",
  deliveriesFailed: "The deliveries could not be fetched.",
  deliveriesRefresh: "Refresh",
  deliveriesMore: "Show older ones",
  deliveryAttempts: { one: "{count} attempt", other: "{count} attempts" },
  deliveryNoAttempts: "Not tried yet.",
  deliveryDue: "Next attempt: {at}",
  deliveryEvent: "Event",
  deliveryTried: "Attempts",
  deliverySent: "What is sent",
  deliveryAnswered: "Answer",
  deliveryNoAnswer: "No answer",
  deliveryReplay: "Send again",
  deliveryReplayOf: "Send again: {type}, {at}",
  deliveryReplaying: "It is sent again.",
  deliveriesSince: "Failed since",
  deliveriesReplay: "Send all again",
  deliveriesReplayed: {
    one: "{count} delivery is sent again.",
    other: "{count} deliveries are sent again.",
  },
  deliveriesSinceWrong: "Choose a time first.",
};
