// Generated from Sources/Gateway/Wire by tools/generate-messages.py; edit that instead.
// @ts-check

/** Types of messages, in both directions. */
export const messageTypes = Object.freeze({
  accept: "accept",
  ack: "ack",
  address: "address",
  assign: "assign",
  authRefresh: "auth.refresh",
  botReturn: "bot.return",
  choice: "choice",
  context: "context",
  convStart: "conv.start",
  convUpd: "conv.upd",
  csat: "csat",
  decline: "decline",
  end: "end",
  err: "err",
  eventNew: "event.new",
  feedback: "feedback",
  formShow: "form.show",
  formSubmit: "form.submit",
  hello: "hello",
  human: "human",
  inboxDelta: "inbox.delta",
  msgNew: "msg.new",
  msgRetry: "msg.retry",
  msgSend: "msg.send",
  note: "note",
  notice: "notice",
  offer: "offer",
  offerGone: "offer.gone",
  ping: "ping",
  pong: "pong",
  presence: "presence",
  queuePos: "queue.pos",
  read: "read",
  reconnect: "reconnect",
  reply: "reply",
  resync: "resync",
  snooze: "snooze",
  status: "status",
  sub: "sub",
  suggest: "suggest",
  sync: "sync",
  tag: "tag",
  takeover: "takeover",
  track: "track",
  transfer: "transfer",
  typing: "typing",
  unsub: "unsub",
  welcome: "welcome",
});

/** Codes of `err` frames and HTTP problems. */
export const errorCodes = Object.freeze({
  unknown_type: { status: 400, temporary: false },
  invalid: { status: 400, temporary: false },
  unauthenticated: { status: 401, temporary: false },
  forbidden: { status: 403, temporary: false },
  not_found: { status: 404, temporary: false },
  conflict: { status: 409, temporary: false },
  stale_view: { status: 409, temporary: false },
  gone: { status: 410, temporary: false },
  too_large: { status: 413, temporary: false },
  unsupported_media: { status: 415, temporary: false },
  unprocessable: { status: 422, temporary: false },
  rate_limited: { status: 429, temporary: true },
  plugin_unavailable: { status: 503, temporary: true },
  plugin_timeout: { status: 504, temporary: true },
  upstream_error: { status: 502, temporary: true },
  needs_confirmation: { status: 409, temporary: false },
  overloaded: { status: 503, temporary: true },
  internal: { status: 500, temporary: true },
});

/**
 * Close codes with what to do afterwards.
 * stop: do not reconnect; retry: reconnect with growing delays; retry_later: reconnect after the
 * delay the server named, or a growing one; new_token: get a new token once, then reconnect
 */
export const closeCodes = Object.freeze({
  1000: { name: "normal", advice: "stop" },
  1001: { name: "going_away", advice: "retry" },
  1012: { name: "restart", advice: "retry_later" },
  4400: { name: "bad_frame", advice: "stop" },
  4401: { name: "unauthenticated", advice: "new_token" },
  4404: { name: "gone", advice: "stop" },
  4408: { name: "slow_consumer", advice: "retry" },
  4409: { name: "replaced", advice: "stop" },
  4413: { name: "too_big", advice: "retry_later" },
  4429: { name: "rate_limited", advice: "retry_later" },
  4503: { name: "overloaded", advice: "retry_later" },
});

/**
 * Up to where a client has seen a conversation.
 * @typedef {object} ResumePoint
 * @property {string} c The conversation.
 * @property {number} s The last event it has.
 */

/**
 * Who may speak next to the customer.
 * @typedef {object} Owner
 * @property {"bot" | "queue" | "agent" | "nobody"} kind Who.
 * @property {string} [id] The agent.
 * @property {string} [name] The name to show.
 */

/**
 * Who wrote or did something.
 * @typedef {object} Author
 * @property {"customer" | "bot" | "agent" | "system"} kind Who.
 * @property {string} [id] The customer's or agent's identifier.
 * @property {string} [name] The name to show.
 */

/**
 * Why something happened.
 * @typedef {object} Reason
 * @property {string} code For programs.
 * @property {string} text For people.
 */

/**
 * A customer.
 * @typedef {object} Contact
 * @property {string} id
 * @property {string | null} name Null for somebody who has not said it.
 * @property {string} [email] For agents only.
 */

/**
 * What a customer sees of a site before anybody has written.
 * @typedef {object} SiteGreeting
 * @property {string} name
 * @property {string} greeting
 * @property {string} language
 */

/**
 * A site in a list.
 * @typedef {object} SiteName
 * @property {string} key
 * @property {string} name
 */

/**
 * An open conversation of the customer.
 * @typedef {object} ConversationState
 * @property {string} c
 * @property {number} s The last event the customer may see.
 * @property {"bot" | "queued" | "open" | "pending" | "snoozed" | "resolved"} status
 * @property {Owner} owner
 */

/**
 * A conversation of the customer that was resolved.
 * @typedef {object} EndedConversation
 * @property {string} c
 * @property {number} s The last event the customer may see.
 * @property {string} at When it ended.
 * @property {boolean} rated Whether the customer has said how it was.
 */

/**
 * The agent who is connected.
 * @typedef {object} AgentProfile
 * @property {string} id
 * @property {string} name
 * @property {string} email
 * @property {"admin" | "supervisor" | "agent"} role
 * @property {string[]} skills
 * @property {number} capacity How many conversations are offered to them at a time.
 * @property {"online" | "away" | "offline"} state
 */

/**
 * A member of the team.
 * @typedef {object} AgentPresence
 * @property {string} id
 * @property {string} name
 * @property {"online" | "away" | "offline"} state
 * @property {number} load Open conversations of theirs.
 * @property {number} capacity
 */

/**
 * A member of the team, named.
 * @typedef {object} AgentName
 * @property {string} id
 * @property {string} name
 */

/**
 * A text that agents may insert.
 * @typedef {object} CannedText
 * @property {string} id
 * @property {string} title
 * @property {string} text
 */

/**
 * An answer the customer can give with one press.
 * @typedef {object} QuickReply
 * @property {string} id
 * @property {string} title
 */

/**
 * One question of a form.
 * @typedef {object} FormField
 * @property {string} name
 * @property {string} label
 * @property {"text" | "email" | "select" | "checkbox" | "textarea"} kind
 * @property {boolean} [required]
 * @property {QuickReply[]} [options] Of a `select`.
 */

/**
 * An article that an answer rests on.
 * @typedef {object} Source
 * @property {string} article
 * @property {string} title
 * @property {string} [url] `https:` or a path of the site.
 */

/**
 * A file that goes with a message. `POST /v1/files/links` gives the link to its content.
 * @typedef {object} File
 * @property {string} id
 * @property {string} name Without a path.
 * @property {string} type The media type that the server found.
 * @property {number} size In bytes.
 * @property {number} [width] Of an image, in pixels as it is shown.
 * @property {number} [height]
 */

/**
 * The last message in a list.
 * @typedef {object} Preview
 * @property {"customer" | "bot" | "agent" | "system"} kind Who wrote it.
 * @property {string} text Its beginning.
 */

/**
 * An intent with the probability that it is meant.
 * @typedef {object} RankedIntent
 * @property {string} intent
 * @property {string} [title]
 * @property {number} p
 */

/**
 * A part of the text that spoke for the intent.
 * @typedef {object} Evidence
 * @property {string} text
 * @property {number} weight
 */

/**
 * An intent in a list.
 * @typedef {object} IntentName
 * @property {string} intent
 * @property {string} title
 */

/**
 * The suggestion that a reply was made from.
 * @typedef {object} UsedSuggestion
 * @property {string} intent The intent it answers.
 * @property {boolean} [edited] Whether it was changed before it was sent.
 */

/**
 * The training example most like the text.
 * @typedef {object} NearestExample
 * @property {string} text
 * @property {string} intent
 * @property {number} similarity
 */

/**
 * `ack`: Says that a request was carried out.
 * @typedef {object} Ack
 * @property {string} [m] The message that was stored.
 * @property {number} [s] The number of the event that was stored.
 */

/**
 * `address`: Leaves an e-mail address for an answer that comes later.
 * @typedef {object} Address
 * @property {string} email
 */

/**
 * `assign`: Gives the conversation to an agent, or back to the queue.
 * @typedef {object} Assign
 * @property {string | null} agent Null: back to the queue.
 */

/**
 * `auth.refresh`: Replaces the session's token before it expires.
 * @typedef {object} AuthRefresh
 * @property {string} token A new one from `POST /v1/widget/sessions`, for the same contact.
 */

/**
 * `bot.return`: Gives the conversation back to the bot.
 * @typedef {object} BotReturn
 * @property {string} [instruction] What the bot shall know or do.
 */

/**
 * `choice`: Presses a quick reply: its title becomes the customer's message.
 * @typedef {object} Choice
 * @property {string} cid
 * @property {string} m The message that offered it.
 * @property {string} choice The quick reply.
 */

/**
 * `context`: Says where the customer is.
 * @typedef {object} Context
 * @property {number} n Increases with each change; a late frame never overwrites a newer one.
 * @property {string} url_path Where the customer is.
 * @property {string} [title] The page's title.
 * @property {string} [page] The page's own name for itself, such as `billing.invoice`.
 * @property {{[key: string]: any}} [facts] What the page says about the customer or itself.
 * @property {string} [locale] A BCP 47 language tag.
 * @property {number[]} [viewport] Width and height in CSS pixels.
 */

/**
 * `conv.upd`: Status or owner of the conversation changed; also the first event of each.
 * @typedef {object} ConvUpd
 * @property {"bot" | "queued" | "open" | "pending" | "snoozed" | "resolved"} status
 * @property {Owner} owner
 * @property {number} epoch Increases whenever the owner changes.
 * @property {Reason} [reason]
 * @property {Author} [by]
 * @property {string} at
 * @property {string} [until] For `snoozed`.
 */

/**
 * `csat`: Rates the conversation.
 * @typedef {object} Csat
 * @property {number} score 5 is best.
 * @property {string} [comment]
 */

/**
 * `decline`: Refuses an offered conversation.
 * @typedef {object} Decline
 * @property {string} [reason]
 */

/**
 * `err`: Says that a request was refused.
 * @typedef {object} Err
 * @property {string} code From the table of error codes.
 * @property {number} status The HTTP status of the same error.
 * @property {string} title What is wrong, for people who write clients.
 * @property {boolean} temporary Whether the same request may succeed later.
 * @property {number} [retry_ms] When to try again.
 * @property {string} [field] What was refused, such as `values.email`.
 */

/**
 * `event.new`, note: A note of an agent.
 * @typedef {object} NoteEvent
 * @property {string} at
 * @property {string} m
 * @property {string} [cid]
 * @property {Author} from
 * @property {string} text Empty when it was erased.
 * @property {"note"} type
 */

/**
 * `event.new`, context: The customer went somewhere.
 * @typedef {object} ContextEvent
 * @property {string} at
 * @property {number} n Increases with each change; a late frame never overwrites a newer one.
 * @property {string} url_path Where the customer is.
 * @property {string} [title] The page's title.
 * @property {string} [page] The page's own name for itself, such as `billing.invoice`.
 * @property {{[key: string]: any}} [facts] What the page says about the customer or itself.
 * @property {string} [locale] A BCP 47 language tag.
 * @property {number[]} [viewport] Width and height in CSS pixels.
 * @property {"context"} type
 */

/**
 * `event.new`, decided: What the triage core made of the customer's words, and why.
 * @typedef {object} DecidedEvent
 * @property {string} at
 * @property {string} decision
 * @property {"answer" | "clarify" | "step" | "hand_off" | "silent"} action
 * @property {string} [intent]
 * @property {number} confidence
 * @property {number} threshold
 * @property {number} mood From -4 (furious) to 4 (delighted).
 * @property {number} urgency
 * @property {number} out_of_scope
 * @property {string} [language]
 * @property {RankedIntent[]} ranking
 * @property {Evidence[]} evidence
 * @property {string} rule The rule of the policy that fired.
 * @property {NearestExample} [nearest]
 * @property {{[key: string]: any}} versions Of the model and the configuration.
 * @property {number} micros How long it took, in microseconds.
 * @property {number} [score] The likeliest intent's own score, z1.
 * @property {number} [lead] How far it is ahead of the next one.
 * @property {string} [against] The next one.
 * @property {number} [margin] The lead that `evidence` and `rest` add up to.
 * @property {number} [rest] What evidence that is not listed adds.
 * @property {string[]} [context] Page, facts and earlier turns as they were read.
 * @property {number} [target] The share of right answers asked for.
 * @property {string[]} [caution] Why more was asked for than usual.
 * @property {{[key: string]: any}} [stages] Microseconds of each stage.
 * @property {"decided"} type
 */

/**
 * `event.new`, offered: An agent was asked to take the conversation.
 * @typedef {object} OfferedEvent
 * @property {string} at
 * @property {AgentName} agent
 * @property {string} expires_at
 * @property {string[]} why Why this agent.
 * @property {"offered"} type
 */

/**
 * `event.new`, offer.ended: What became of the offer.
 * @typedef {object} OfferEndedEvent
 * @property {string} at
 * @property {AgentName} agent
 * @property {"accepted" | "declined" | "expired" | "withdrawn"} outcome
 * @property {string} [reason]
 * @property {"offer.ended"} type
 */

/**
 * `event.new`, facts: What a source knows about the customer.
 * @typedef {object} FactsEvent
 * @property {string} at
 * @property {string} source
 * @property {string} title
 * @property {{[key: string]: any}} facts
 * @property {"facts"} type
 */

/**
 * `event.new`, feedback: The customer said whether an answer helped.
 * @typedef {object} FeedbackEvent
 * @property {string} at
 * @property {string} m The answer.
 * @property {boolean} helpful
 * @property {"feedback"} type
 */

/**
 * `event.new`, csat: The customer rated the conversation.
 * @typedef {object} CsatEvent
 * @property {string} at
 * @property {number} score
 * @property {string} [comment]
 * @property {"csat"} type
 */

/**
 * `event.new`, address: The customer left an address.
 * @typedef {object} AddressEvent
 * @property {string} at
 * @property {string} email
 * @property {"address"} type
 */

/**
 * `event.new`, tagged: Tags changed.
 * @typedef {object} TaggedEvent
 * @property {string} at
 * @property {string[]} add
 * @property {string[]} remove
 * @property {Author} by
 * @property {"tagged"} type
 */

/**
 * `event.new`, tracked: The customer did something in the product.
 * @typedef {object} TrackedEvent
 * @property {string} at
 * @property {string} name
 * @property {{[key: string]: any}} [data]
 * @property {"tracked"} type
 */

/**
 * `event.new`, action: An action of a plugin was carried out, or refused.
 * @typedef {object} ActionEvent
 * @property {string} at
 * @property {string} run The run: the idempotency key that the provider was given.
 * @property {string} plugin
 * @property {string} action
 * @property {string} title
 * @property {"done" | "failed"} state
 * @property {string} [summary] What came of it, in the plugin's words.
 * @property {Author} by Who had it done.
 * @property {{[key: string]: any}} [input] What was asked for.
 * @property {"action"} type
 */

/**
 * `event.new`, workflow: A workflow began, went on or came to its end.
 * @typedef {object} WorkflowEvent
 * @property {string} at
 * @property {string} run
 * @property {string} workflow
 * @property {string} title
 * @property {"running" | "done" | "handed_off" | "stopped"} state Stopped: the customer did not
 *   want to go on.
 * @property {string} step Where it stands.
 * @property {"answer" | "action"} [waits_for] What it waits for, while it is running.
 * @property {string} [action] The action under way; after a hand-off, what is left to be done.
 * @property {{[key: string]: any}} [input] What that action is given.
 * @property {{[key: string]: any}} [slots] What was answered and found, by the names of the steps.
 * @property {"workflow"} type
 */

/**
 * `event.new`: Something that only the team sees.
 * @typedef {NoteEvent
 *   | ContextEvent
 *   | DecidedEvent
 *   | OfferedEvent
 *   | OfferEndedEvent
 *   | FactsEvent
 *   | FeedbackEvent
 *   | CsatEvent
 *   | AddressEvent
 *   | TaggedEvent
 *   | TrackedEvent
 *   | ActionEvent
 *   | WorkflowEvent} EventNew
 */

/**
 * `feedback`: Says whether an answer of the assistant helped.
 * @typedef {object} Feedback
 * @property {string} m The answer.
 * @property {boolean} helpful It may be said anew.
 */

/**
 * `form.show`: Asks the customer for something; `form.submit` answers.
 * @typedef {object} FormShow
 * @property {"contact"} form Which form.
 * @property {string} title
 * @property {FormField[]} fields
 * @property {boolean} [optional] Whether it may be left empty.
 */

/**
 * `form.submit`: Hands in a form.
 * @typedef {object} FormSubmit
 * @property {"address" | "contact"} form Which form.
 * @property {{[key: string]: any}} values For `address`: `email`. For `contact`: `name`, `email`,
 *   each of which may be left out or empty.
 */

/**
 * `hello`: Opens an agent's session.
 * @typedef {object} AgentHello
 * @property {string} ticket From `POST /v1/ws-tickets`; good once, for 30 seconds.
 * @property {number} [feed] The log position of the last `inbox.delta`; rows changed after it are
 *   sent.
 * @property {ResumePoint[]} [resume] Conversations on the screen, to be sent what was missed.
 * @property {string} [epoch] From the last `welcome`.
 */

/**
 * `hello`: Opens a customer's session.
 * @typedef {object} CustomerHello
 * @property {string} token From `POST /v1/widget/sessions`.
 * @property {Context} [context] Where the customer is now.
 * @property {ResumePoint[]} [resume] What the client has seen, to be sent what it missed.
 * @property {string} [epoch] From the last `welcome`.
 */

/**
 * `inbox.delta`: The whole row of a conversation in the list, after it changed.
 * @typedef {object} InboxDelta
 * @property {string} c
 * @property {SiteName} site
 * @property {Contact} contact
 * @property {"bot" | "queued" | "open" | "pending" | "snoozed" | "resolved"} status
 * @property {Owner} owner
 * @property {Preview} [preview] The last message; absent when nobody has written.
 * @property {number} s The last event.
 * @property {string} updated_at
 * @property {string} [waiting_since] Since when the customer waits for a person.
 * @property {string} [page] The page's own name, or its path.
 * @property {string} [title]
 * @property {string} [intent]
 * @property {number} [mood]
 * @property {number} [priority]
 * @property {string[]} tags
 */

/**
 * `msg.new`: A message.
 * @typedef {object} MsgNew
 * @property {string} m
 * @property {string} [cid] The sender's own identifier, for the sender's other devices too.
 * @property {Author} from
 * @property {string} text Plain text that says what the blocks say; empty when it was erased, or
 *   beside files.
 * @property {string} at
 * @property {any[]} [blocks] How to show it; without them, as text.
 * @property {QuickReply[]} [choices] Answers to press.
 * @property {Source[]} [sources] What the answer rests on.
 * @property {File[]} [files] What was sent with it.
 * @property {string} [decision] The bot's decision behind it.
 * @property {string} [choice] The quick reply the customer pressed.
 * @property {string} [tour] A walkthrough that shows it.
 * @property {string} [via] The channel it came by, or on an answer the one it also goes out by, by
 *   its name.
 */

/**
 * `msg.send`: Says something; without `c` it starts a conversation.
 * @typedef {object} MsgSend
 * @property {string} cid
 * @property {string} text What the customer says.
 * @property {string} [choice] The quick reply this text came from.
 * @property {string[]} [uploads] Files that go with it, by the `upload_id` of `POST /v1/uploads`;
 *   each can be sent once.
 */

/**
 * `note`: Writes something only the team sees.
 * @typedef {object} Note
 * @property {string} cid
 * @property {string} text
 */

/**
 * `notice`: Something the user should be told.
 * @typedef {object} Notice
 * @property {string} code
 * @property {string} text
 */

/**
 * `offer`: Asks the agent to take a conversation.
 * @typedef {object} Offer
 * @property {string} c
 * @property {number} expires_s How long the offer stands.
 * @property {string[]} why Why this agent.
 * @property {{[key: string]: any}} briefing
 */

/**
 * `offer.gone`: An offer no longer stands.
 * @typedef {object} OfferGone
 * @property {string} c
 * @property {string} reason
 */

/**
 * `presence`: Says whether conversations may be offered.
 * @typedef {object} Presence
 * @property {"online" | "away" | "offline"} state
 */

/**
 * `presence`: An agent came, went or took something on.
 * @typedef {object} ServerPresence
 * @property {AgentName} agent
 * @property {"online" | "away" | "offline"} state
 * @property {number} load
 */

/**
 * `queue.pos`: The customer's place in the queue.
 * @typedef {object} QueuePos
 * @property {number} position 1 is next.
 * @property {number} [expect_s] The expected wait in seconds; absent when nobody can say.
 */

/**
 * `read`: Moves the mark up to which somebody has read.
 * @typedef {object} Read
 * @property {number} upto The last event read.
 */

/**
 * `read`: Somebody has read up to an event.
 * @typedef {object} ServerRead
 * @property {string} who
 * @property {"customer" | "agent"} kind
 * @property {number} upto
 */

/**
 * `reconnect`: The server goes away: come back later.
 * @typedef {object} Reconnect
 * @property {number} after_ms Add jitter.
 */

/**
 * `reply`: Answers the customer.
 * @typedef {object} Reply
 * @property {string} cid
 * @property {string} text
 * @property {number} seen The last event the agent saw. A later message of another agent refuses
 *   the reply.
 * @property {UsedSuggestion} [suggestion] When the text was suggested: that it was sent teaches the
 *   assistant.
 * @property {string[]} [uploads] Files that go with it, by the `upload_id` of `POST /v1/uploads`;
 *   each can be sent once.
 */

/**
 * `snooze`: Puts the conversation out of sight until a time.
 * @typedef {object} Snooze
 * @property {string} until A message of the customer brings it back earlier.
 */

/**
 * `status`: Changes where the conversation stands.
 * @typedef {object} Status
 * @property {"open" | "pending" | "snoozed" | "resolved"} status
 * @property {string} [until] For `snoozed`: when it comes back.
 */

/**
 * `sub`: Follows a conversation.
 * @typedef {object} Sub
 * @property {number} [after] The last event the client has; without it all events are sent.
 */

/**
 * `suggest`: A piece of a draft or a summary while it is being written.
 * @typedef {object} Suggest
 * @property {string} request What the request called itself in `stream`.
 * @property {number} i 0, 1, 2 …
 * @property {string} text
 */

/**
 * `sync`: Asks for the events after one.
 * @typedef {object} Sync
 * @property {number} after The last event the client has.
 */

/**
 * `tag`: Adds and removes tags.
 * @typedef {object} Tag
 * @property {string[]} [add]
 * @property {string[]} [remove]
 */

/**
 * `track`: Tells of something the customer did in the product.
 * @typedef {object} Track
 * @property {string} name What happened, such as `export.failed`.
 * @property {{[key: string]: any}} [data] What belongs to it.
 */

/**
 * `transfer`: Passes the conversation on to an agent or to whoever has a skill.
 * @typedef {object} Transfer
 * @property {string} [agent]
 * @property {string} [skill]
 * @property {string} [note] For the next agent; the customer does not see it.
 */

/**
 * `typing`: Says that somebody began or stopped typing.
 * @typedef {object} Typing
 * @property {boolean} on
 */

/**
 * `typing`: Somebody types.
 * @typedef {object} ServerTyping
 * @property {string} who An agent's or customer's identifier, or `bot`.
 * @property {boolean} on
 * @property {"customer" | "bot" | "agent"} [kind]
 * @property {string} [name]
 */

/**
 * `welcome`: Opens the session: what the console needs to begin.
 * @typedef {object} AgentWelcome
 * @property {string} epoch
 * @property {boolean} recovered
 * @property {number} heartbeat_s
 * @property {AgentProfile} agent
 * @property {number} feed The log position up to which rows follow.
 * @property {AgentPresence[]} agents The team.
 * @property {SiteName[]} sites
 * @property {CannedText[]} canned
 * @property {IntentName[]} [intents] What customers may mean, for saying what they did mean; see
 *   the tags.
 */

/**
 * `welcome`: Opens the session: what the customer's client needs to begin.
 * @typedef {object} CustomerWelcome
 * @property {string} epoch
 * @property {Contact} contact
 * @property {boolean} recovered Whether all that was missed follows; if not, `resync` names the
 *   conversations to fetch anew.
 * @property {number} heartbeat_s The server pings this often; after 1.5 times as long without a
 *   sign the connection is dead.
 * @property {ConversationState[]} conversations The open ones.
 * @property {SiteGreeting} site
 * @property {boolean} agents_online Whether a person could answer now.
 * @property {EndedConversation[]} [ended] Those that ended in the last three days, five at most,
 *   the latest first. None of them is replayed: `sync` asks for what the customer has not seen.
 */
