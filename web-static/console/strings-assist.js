// @ts-check

/**
 * What the console says about a language model at the agent's side, and about accounts elsewhere
 * that plugins are connected to.
 * @type {import("../shared/strings.js").StringTable}
 */
export const assistTexts = {
  draft: "Draft",
  draftHint: "Have a reply drafted from your articles. You read it and send it, or not.",
  drafting: "A reply is being drafted…",
  draftIn: "The draft is in your reply. Read it before you send it.",
  draftUndo: "Undo",
  draftUndone: "The draft is taken out again.",
  draftRefused: "No draft: {why}",
  draftRefusedPlain: "No draft: your articles do not say enough about it.",
  draftSources: "It rests on",
  draftClose: "Hide the sources",
  proposals: "Suggested actions",
  proposalsCame: {
    one: "An action is suggested below.",
    other: "{count} actions are suggested below.",
  },
  proposalTitle: "The draft suggests: {title}",
  proposalReview: "Review…",
  proposalAsks: "You will be asked: {question}",
  proposalNoInput: "Nothing needs to be entered.",
  proposalDismiss: "Dismiss: {title}",
  summarise: "Summarise",
  summariseAgain: "Summarise again",
  summarising: "The conversation is being summarised…",
  summaryAt: "By the language model, {time}",
  summaryNone: "There is no summary.",
  summaryNoneWhy: "There is no summary: {why}",
  translate: "Translate",
  translating: "Translating…",
  translationOriginal: "Show original",
  translationOnly: "Hide original",
  translationNone: "There is no translation.",
  translationNoneWhy: "There is no translation: {why}",
  translateAllLead: "Translate everything the customer writes here?",
  translateAll: "Translate all",
  translatedAll: "What the customer writes here is translated.",
  translateAllStop: "Stop translating",
  assistCancelled: "Cancelled.",
  assistFailed: "The language model could not do it: {why}",
  assistFailedPlain: "The language model could not do it.",
  assistUnavailable: "The language model is not available right now. Try again in a moment.",
  assistTimeout: "The language model took too long. Try again.",
  assistUnreached: "The server could not be reached. Try again.",
  assistRefused: "Not done: {why}",

  pluginAccounts: "Accounts elsewhere",
  pluginAccountsLead: "Signing in happens in a new tab, at the other side.",
  oauthConnect: "Connect",
  oauthConnectOf: "Connect: {name}",
  oauthOpened: "Go on in the new tab. If none has opened, use this link:",
  oauthOpen: "Sign in to {name}",
};
