// Generated from Sources/Gateway/Wire by tools/generate-messages.py; edit that instead.
// @ts-check

/** Bounds of single values. */
const scalars = Object.freeze({
  id: { base: "string", min: 1, max: 64 },
  cid: { base: "string", min: 8, max: 64, characters: "A-Za-z0-9-" },
  text: { base: "string", min: 1, max: 8000, over: "too_large" },
  words: { base: "string", max: 8000, over: "too_large" },
  sentence: { base: "string", min: 1, max: 2000 },
  label: { base: "string", min: 1, max: 200 },
  path: { base: "string", max: 2048 },
  token: { base: "string", min: 1, max: 4096 },
  epoch: { base: "string", min: 1, max: 64 },
  language: { base: "string", min: 1, max: 35 },
  tag: { base: "string", min: 1, max: 100 },
  sequence: { base: "int", min: 0, max: 9007199254740991 },
  count: { base: "int", min: 0, max: 9007199254740991 },
  share: { base: "number", min: 0, max: 1 },
  time: { base: "string", form: "time" },
  email: { base: "string", min: 3, max: 254, form: "email" },
  facts: { base: "object", bytes: 4096 },
  briefing: { base: "object", bytes: 65536 },
  blocks: { base: "array", bytes: 65536 },
  values: { base: "object", bytes: 4096 },
});

/** Fields of objects inside messages. */
const objects = Object.freeze({
  ResumePoint: [
    { name: "c", required: true, scalar: "id" },
    { name: "s", required: true, scalar: "sequence" },
  ],
  Owner: [
    {
      name: "kind",
      required: true,
      base: "string",
      enum: ["bot", "queue", "agent", "nobody"],
    },
    { name: "id", scalar: "id" },
    { name: "name", scalar: "label" },
  ],
  Author: [
    {
      name: "kind",
      required: true,
      base: "string",
      enum: ["customer", "bot", "agent", "system"],
    },
    { name: "id", scalar: "id" },
    { name: "name", scalar: "label" },
  ],
  Reason: [
    { name: "code", required: true, base: "string", min: 1, max: 64 },
    { name: "text", required: true, scalar: "sentence" },
  ],
  Contact: [
    { name: "id", required: true, scalar: "id" },
    { name: "name", required: true, nullable: true, scalar: "label" },
    { name: "email", scalar: "email" },
  ],
  SiteGreeting: [
    { name: "name", required: true, scalar: "label" },
    { name: "greeting", required: true, base: "string", max: 2000 },
    { name: "language", required: true, scalar: "language" },
  ],
  SiteName: [
    { name: "key", required: true, scalar: "id" },
    { name: "name", required: true, scalar: "label" },
  ],
  ConversationState: [
    { name: "c", required: true, scalar: "id" },
    { name: "s", required: true, scalar: "sequence" },
    {
      name: "status",
      required: true,
      base: "string",
      enum: ["bot", "queued", "open", "pending", "snoozed", "resolved"],
    },
    { name: "owner", required: true, object: "Owner" },
  ],
  EndedConversation: [
    { name: "c", required: true, scalar: "id" },
    { name: "s", required: true, scalar: "sequence" },
    { name: "at", required: true, scalar: "time" },
    { name: "rated", required: true, base: "bool" },
  ],
  AgentProfile: [
    { name: "id", required: true, scalar: "id" },
    { name: "name", required: true, scalar: "label" },
    { name: "email", required: true, scalar: "email" },
    {
      name: "role",
      required: true,
      base: "string",
      enum: ["admin", "supervisor", "agent"],
    },
    { name: "skills", required: true, list: { of: { scalar: "label" }, max: 100 } },
    { name: "capacity", required: true, scalar: "count" },
    {
      name: "state",
      required: true,
      base: "string",
      enum: ["online", "away", "offline"],
    },
  ],
  AgentPresence: [
    { name: "id", required: true, scalar: "id" },
    { name: "name", required: true, scalar: "label" },
    {
      name: "state",
      required: true,
      base: "string",
      enum: ["online", "away", "offline"],
    },
    { name: "load", required: true, scalar: "count" },
    { name: "capacity", required: true, scalar: "count" },
  ],
  AgentName: [
    { name: "id", required: true, scalar: "id" },
    { name: "name", required: true, scalar: "label" },
  ],
  CannedText: [
    { name: "id", required: true, scalar: "id" },
    { name: "title", required: true, scalar: "label" },
    { name: "text", required: true, scalar: "text" },
  ],
  QuickReply: [
    { name: "id", required: true, scalar: "id" },
    { name: "title", required: true, scalar: "label" },
  ],
  FormField: [
    { name: "name", required: true, scalar: "id" },
    { name: "label", required: true, scalar: "label" },
    {
      name: "kind",
      required: true,
      base: "string",
      enum: ["text", "email", "select", "checkbox", "textarea"],
    },
    { name: "required", base: "bool" },
    { name: "options", list: { of: { object: "QuickReply" }, max: 50 } },
  ],
  Source: [
    { name: "article", required: true, scalar: "id" },
    { name: "title", required: true, scalar: "label" },
    { name: "url", base: "string", min: 1, max: 2048 },
  ],
  File: [
    { name: "id", required: true, scalar: "id" },
    { name: "name", required: true, scalar: "label" },
    { name: "type", required: true, base: "string", min: 1, max: 200 },
    { name: "size", required: true, scalar: "count" },
    { name: "width", scalar: "count" },
    { name: "height", scalar: "count" },
  ],
  Preview: [
    {
      name: "kind",
      required: true,
      base: "string",
      enum: ["customer", "bot", "agent", "system"],
    },
    { name: "text", required: true, base: "string", max: 400 },
  ],
  RankedIntent: [
    { name: "intent", required: true, scalar: "label" },
    { name: "title", scalar: "label" },
    { name: "p", required: true, scalar: "share" },
  ],
  Evidence: [
    { name: "text", required: true, scalar: "sentence" },
    { name: "weight", required: true, base: "number" },
  ],
  IntentName: [
    { name: "intent", required: true, scalar: "label" },
    { name: "title", required: true, scalar: "label" },
  ],
  UsedSuggestion: [
    { name: "intent", required: true, scalar: "label" },
    { name: "edited", base: "bool" },
  ],
  NearestExample: [
    { name: "text", required: true, scalar: "text" },
    { name: "intent", required: true, scalar: "label" },
    { name: "similarity", required: true, base: "number" },
  ],
  Context: [
    { name: "n", required: true, scalar: "count" },
    { name: "url_path", required: true, scalar: "path" },
    { name: "title", base: "string", max: 1000 },
    { name: "page", base: "string", max: 200 },
    { name: "facts", scalar: "facts" },
    { name: "locale", base: "string", max: 35 },
    {
      name: "viewport",
      list: { of: { base: "int", min: 0, max: 100000 }, max: 2, min: 2 },
    },
  ],
});

/** Fields of messages. */
const messages = Object.freeze([
  { t: "accept", from: ["agent"], needs: ["c"], fields: [] },
  {
    t: "ack",
    from: ["server"],
    needs: ["re"],
    fields: [{ name: "m", scalar: "id" }, { name: "s", scalar: "sequence" }],
  },
  {
    t: "address",
    from: ["customer"],
    needs: ["c"],
    fields: [{ name: "email", required: true, scalar: "email" }],
  },
  {
    t: "assign",
    from: ["agent"],
    needs: ["c"],
    fields: [{ name: "agent", required: true, nullable: true, scalar: "id" }],
  },
  {
    t: "auth.refresh",
    from: ["customer"],
    needs: [],
    fields: [{ name: "token", required: true, scalar: "token" }],
  },
  {
    t: "bot.return",
    from: ["agent"],
    needs: ["c"],
    fields: [{ name: "instruction", scalar: "sentence" }],
  },
  {
    t: "choice",
    from: ["customer"],
    needs: ["c"],
    fields: [
      { name: "cid", required: true, scalar: "cid" },
      { name: "m", required: true, scalar: "id" },
      { name: "choice", required: true, scalar: "id" },
    ],
  },
  {
    t: "context",
    from: ["customer"],
    needs: [],
    fields: [
      { name: "n", required: true, scalar: "count" },
      { name: "url_path", required: true, scalar: "path" },
      { name: "title", base: "string", max: 1000 },
      { name: "page", base: "string", max: 200 },
      { name: "facts", scalar: "facts" },
      { name: "locale", base: "string", max: 35 },
      {
        name: "viewport",
        list: { of: { base: "int", min: 0, max: 100000 }, max: 2, min: 2 },
      },
    ],
  },
  { t: "conv.start", from: ["customer"], needs: [], fields: [] },
  {
    t: "conv.upd",
    from: ["server"],
    needs: ["c", "s", "p"],
    fields: [
      {
        name: "status",
        required: true,
        base: "string",
        enum: ["bot", "queued", "open", "pending", "snoozed", "resolved"],
      },
      { name: "owner", required: true, object: "Owner" },
      { name: "epoch", required: true, scalar: "count" },
      { name: "reason", object: "Reason" },
      { name: "by", object: "Author" },
      { name: "at", required: true, scalar: "time" },
      { name: "until", scalar: "time" },
    ],
  },
  {
    t: "csat",
    from: ["customer"],
    needs: ["c"],
    fields: [
      { name: "score", required: true, base: "int", min: 1, max: 5 },
      { name: "comment", scalar: "sentence" },
    ],
  },
  {
    t: "decline",
    from: ["agent"],
    needs: ["c"],
    fields: [{ name: "reason", scalar: "label" }],
  },
  { t: "end", from: ["customer"], needs: ["c"], fields: [] },
  {
    t: "err",
    from: ["server"],
    needs: [],
    fields: [
      { name: "code", required: true, base: "string", min: 1, max: 64 },
      { name: "status", required: true, base: "int", min: 400, max: 599 },
      { name: "title", required: true, scalar: "sentence" },
      { name: "temporary", required: true, base: "bool" },
      { name: "retry_ms", scalar: "count" },
      { name: "field", base: "string", max: 200 },
    ],
  },
  {
    t: "event.new",
    from: ["server"],
    needs: ["c", "s", "p"],
    fields: [{ name: "at", required: true, scalar: "time" }],
    tag: "type",
    cases: {
      note: [
        { name: "m", required: true, scalar: "id" },
        { name: "cid", scalar: "cid" },
        { name: "from", required: true, object: "Author" },
        { name: "text", required: true, base: "string", max: 8000 },
      ],
      context: [
        { name: "n", required: true, scalar: "count" },
        { name: "url_path", required: true, scalar: "path" },
        { name: "title", base: "string", max: 1000 },
        { name: "page", base: "string", max: 200 },
        { name: "facts", scalar: "facts" },
        { name: "locale", base: "string", max: 35 },
        {
          name: "viewport",
          list: { of: { base: "int", min: 0, max: 100000 }, max: 2, min: 2 },
        },
      ],
      decided: [
        { name: "decision", required: true, scalar: "id" },
        {
          name: "action",
          required: true,
          base: "string",
          enum: ["answer", "clarify", "step", "hand_off", "silent"],
        },
        { name: "intent", scalar: "label" },
        { name: "confidence", required: true, scalar: "share" },
        { name: "threshold", required: true, scalar: "share" },
        { name: "mood", required: true, base: "number" },
        { name: "urgency", required: true, scalar: "share" },
        { name: "out_of_scope", required: true, scalar: "share" },
        { name: "language", scalar: "language" },
        {
          name: "ranking",
          required: true,
          list: { of: { object: "RankedIntent" }, max: 100 },
        },
        {
          name: "evidence",
          required: true,
          list: { of: { object: "Evidence" }, max: 100 },
        },
        { name: "rule", required: true, scalar: "label" },
        { name: "nearest", object: "NearestExample" },
        { name: "versions", required: true, scalar: "values" },
        { name: "micros", required: true, scalar: "count" },
        { name: "score", base: "number" },
        { name: "lead", base: "number" },
        { name: "against", scalar: "label" },
        { name: "margin", base: "number" },
        { name: "rest", base: "number" },
        { name: "context", list: { of: { scalar: "label" }, max: 24 } },
        { name: "target", scalar: "share" },
        { name: "caution", list: { of: { scalar: "label" }, max: 10 } },
        { name: "stages", scalar: "values" },
      ],
      offered: [
        { name: "agent", required: true, object: "AgentName" },
        { name: "expires_at", required: true, scalar: "time" },
        { name: "why", required: true, list: { of: { scalar: "sentence" }, max: 20 } },
      ],
      "offer.ended": [
        { name: "agent", required: true, object: "AgentName" },
        {
          name: "outcome",
          required: true,
          base: "string",
          enum: ["accepted", "declined", "expired", "withdrawn"],
        },
        { name: "reason", scalar: "label" },
      ],
      facts: [
        { name: "source", required: true, scalar: "label" },
        { name: "title", required: true, scalar: "label" },
        { name: "facts", required: true, scalar: "values" },
      ],
      feedback: [
        { name: "m", required: true, scalar: "id" },
        { name: "helpful", required: true, base: "bool" },
      ],
      csat: [
        { name: "score", required: true, base: "int", min: 1, max: 5 },
        { name: "comment", scalar: "sentence" },
      ],
      address: [{ name: "email", required: true, scalar: "email" }],
      tagged: [
        { name: "add", required: true, list: { of: { scalar: "tag" }, max: 20 } },
        { name: "remove", required: true, list: { of: { scalar: "tag" }, max: 20 } },
        { name: "by", required: true, object: "Author" },
      ],
      tracked: [
        { name: "name", required: true, base: "string", min: 1, max: 100 },
        { name: "data", scalar: "values" },
      ],
      action: [
        { name: "run", required: true, scalar: "id" },
        { name: "plugin", required: true, scalar: "label" },
        { name: "action", required: true, scalar: "label" },
        { name: "title", required: true, scalar: "label" },
        { name: "state", required: true, base: "string", enum: ["done", "failed"] },
        { name: "summary", scalar: "sentence" },
        { name: "by", required: true, object: "Author" },
        { name: "input", scalar: "values" },
      ],
      workflow: [
        { name: "run", required: true, scalar: "id" },
        { name: "workflow", required: true, scalar: "label" },
        { name: "title", required: true, scalar: "label" },
        {
          name: "state",
          required: true,
          base: "string",
          enum: ["running", "done", "handed_off", "stopped"],
        },
        { name: "step", required: true, scalar: "label" },
        { name: "waits_for", base: "string", enum: ["answer", "action"] },
        { name: "action", scalar: "label" },
        { name: "input", scalar: "values" },
        { name: "slots", scalar: "values" },
      ],
    },
  },
  {
    t: "feedback",
    from: ["customer"],
    needs: ["c"],
    fields: [
      { name: "m", required: true, scalar: "id" },
      { name: "helpful", required: true, base: "bool" },
    ],
  },
  {
    t: "form.show",
    from: ["server"],
    needs: ["c"],
    fields: [
      { name: "form", required: true, base: "string", enum: ["contact"] },
      { name: "title", required: true, scalar: "label" },
      { name: "fields", required: true, list: { of: { object: "FormField" }, max: 20 } },
      { name: "optional", base: "bool" },
    ],
  },
  {
    t: "form.submit",
    from: ["customer"],
    needs: ["c"],
    fields: [
      { name: "form", required: true, base: "string", enum: ["address", "contact"] },
      { name: "values", required: true, scalar: "values" },
    ],
  },
  {
    t: "hello",
    from: ["agent"],
    needs: [],
    fields: [
      { name: "ticket", required: true, scalar: "token" },
      { name: "feed", scalar: "count" },
      { name: "resume", list: { of: { object: "ResumePoint" }, max: 100 } },
      { name: "epoch", scalar: "epoch" },
    ],
  },
  {
    t: "hello",
    from: ["customer"],
    needs: [],
    fields: [
      { name: "token", required: true, scalar: "token" },
      { name: "context", object: "Context" },
      { name: "resume", list: { of: { object: "ResumePoint" }, max: 100 } },
      { name: "epoch", scalar: "epoch" },
    ],
  },
  { t: "human", from: ["customer"], needs: ["c"], fields: [] },
  {
    t: "inbox.delta",
    from: ["server"],
    needs: ["f"],
    fields: [
      { name: "c", required: true, scalar: "id" },
      { name: "site", required: true, object: "SiteName" },
      { name: "contact", required: true, object: "Contact" },
      {
        name: "status",
        required: true,
        base: "string",
        enum: ["bot", "queued", "open", "pending", "snoozed", "resolved"],
      },
      { name: "owner", required: true, object: "Owner" },
      { name: "preview", object: "Preview" },
      { name: "s", required: true, scalar: "sequence" },
      { name: "updated_at", required: true, scalar: "time" },
      { name: "waiting_since", scalar: "time" },
      { name: "page", base: "string", max: 2048 },
      { name: "title", base: "string", max: 1000 },
      { name: "intent", scalar: "label" },
      { name: "mood", base: "number" },
      { name: "priority", scalar: "share" },
      { name: "tags", required: true, list: { of: { scalar: "tag" }, max: 100 } },
    ],
  },
  {
    t: "msg.new",
    from: ["server"],
    needs: ["c", "s", "p"],
    fields: [
      { name: "m", required: true, scalar: "id" },
      { name: "cid", scalar: "cid" },
      { name: "from", required: true, object: "Author" },
      { name: "text", required: true, base: "string", max: 8000 },
      { name: "at", required: true, scalar: "time" },
      { name: "blocks", scalar: "blocks" },
      { name: "choices", list: { of: { object: "QuickReply" }, max: 20 } },
      { name: "sources", list: { of: { object: "Source" }, max: 20 } },
      { name: "files", list: { of: { object: "File" }, max: 10 } },
      { name: "decision", scalar: "id" },
      { name: "choice", scalar: "id" },
      { name: "tour", scalar: "id" },
      { name: "via", base: "string", max: 100 },
    ],
  },
  {
    t: "msg.retry",
    from: ["customer"],
    needs: [],
    rules: [{ oneNotEmpty: ["text", "uploads"] }],
    fields: [
      { name: "cid", required: true, scalar: "cid" },
      { name: "text", required: true, scalar: "words" },
      { name: "choice", scalar: "id" },
      { name: "uploads", list: { of: { scalar: "id" }, max: 10 } },
    ],
  },
  {
    t: "msg.send",
    from: ["customer"],
    needs: [],
    rules: [{ oneNotEmpty: ["text", "uploads"] }],
    fields: [
      { name: "cid", required: true, scalar: "cid" },
      { name: "text", required: true, scalar: "words" },
      { name: "choice", scalar: "id" },
      { name: "uploads", list: { of: { scalar: "id" }, max: 10 } },
    ],
  },
  {
    t: "note",
    from: ["agent"],
    needs: ["c"],
    fields: [
      { name: "cid", required: true, scalar: "cid" },
      { name: "text", required: true, scalar: "text" },
    ],
  },
  {
    t: "notice",
    from: ["server"],
    needs: [],
    fields: [
      { name: "code", required: true, base: "string", min: 1, max: 64 },
      { name: "text", required: true, scalar: "sentence" },
    ],
  },
  {
    t: "offer",
    from: ["server"],
    needs: [],
    fields: [
      { name: "c", required: true, scalar: "id" },
      { name: "expires_s", required: true, scalar: "count" },
      { name: "why", required: true, list: { of: { scalar: "sentence" }, max: 20 } },
      { name: "briefing", required: true, scalar: "briefing" },
    ],
  },
  {
    t: "offer.gone",
    from: ["server"],
    needs: [],
    fields: [
      { name: "c", required: true, scalar: "id" },
      { name: "reason", required: true, scalar: "label" },
    ],
  },
  { t: "ping", from: ["customer", "agent"], needs: [], fields: [] },
  { t: "pong", from: ["server"], needs: [], fields: [] },
  {
    t: "presence",
    from: ["agent"],
    needs: [],
    fields: [
      {
        name: "state",
        required: true,
        base: "string",
        enum: ["online", "away", "offline"],
      },
    ],
  },
  {
    t: "presence",
    from: ["server"],
    needs: [],
    fields: [
      { name: "agent", required: true, object: "AgentName" },
      {
        name: "state",
        required: true,
        base: "string",
        enum: ["online", "away", "offline"],
      },
      { name: "load", required: true, scalar: "count" },
    ],
  },
  {
    t: "queue.pos",
    from: ["server"],
    needs: ["c"],
    fields: [
      { name: "position", required: true, base: "int", min: 1, max: 1000000 },
      { name: "expect_s", scalar: "count" },
    ],
  },
  {
    t: "read",
    from: ["customer", "agent"],
    needs: ["c"],
    fields: [{ name: "upto", required: true, scalar: "sequence" }],
  },
  {
    t: "read",
    from: ["server"],
    needs: ["c"],
    fields: [
      { name: "who", required: true, scalar: "id" },
      { name: "kind", required: true, base: "string", enum: ["customer", "agent"] },
      { name: "upto", required: true, scalar: "sequence" },
    ],
  },
  {
    t: "reconnect",
    from: ["server"],
    needs: [],
    fields: [{ name: "after_ms", required: true, scalar: "count" }],
  },
  {
    t: "reply",
    from: ["agent"],
    needs: ["c"],
    rules: [{ oneNotEmpty: ["text", "uploads"] }],
    fields: [
      { name: "cid", required: true, scalar: "cid" },
      { name: "text", required: true, scalar: "words" },
      { name: "seen", required: true, scalar: "sequence" },
      { name: "suggestion", object: "UsedSuggestion" },
      { name: "uploads", list: { of: { scalar: "id" }, max: 10 } },
    ],
  },
  { t: "resync", from: ["server"], needs: ["c"], fields: [] },
  {
    t: "snooze",
    from: ["agent"],
    needs: ["c"],
    fields: [{ name: "until", required: true, scalar: "time" }],
  },
  {
    t: "status",
    from: ["agent"],
    needs: ["c"],
    fields: [
      {
        name: "status",
        required: true,
        base: "string",
        enum: ["open", "pending", "snoozed", "resolved"],
      },
      { name: "until", scalar: "time" },
    ],
  },
  {
    t: "sub",
    from: ["agent"],
    needs: ["c"],
    fields: [{ name: "after", scalar: "sequence" }],
  },
  {
    t: "suggest",
    from: ["server"],
    needs: ["c"],
    fields: [
      { name: "request", required: true, scalar: "id" },
      { name: "i", required: true, scalar: "count" },
      { name: "text", required: true, base: "string", min: 1, max: 8000 },
    ],
  },
  {
    t: "sync",
    from: ["customer", "agent"],
    needs: ["c"],
    fields: [{ name: "after", required: true, scalar: "sequence" }],
  },
  {
    t: "tag",
    from: ["agent"],
    needs: ["c"],
    rules: [{ atLeastOne: ["add", "remove"] }],
    fields: [
      { name: "add", list: { of: { scalar: "tag" }, max: 20, min: 1 } },
      { name: "remove", list: { of: { scalar: "tag" }, max: 20, min: 1 } },
    ],
  },
  { t: "takeover", from: ["agent"], needs: ["c"], fields: [] },
  {
    t: "track",
    from: ["customer"],
    needs: [],
    fields: [
      { name: "name", required: true, base: "string", min: 1, max: 100 },
      { name: "data", scalar: "values" },
    ],
  },
  {
    t: "transfer",
    from: ["agent"],
    needs: ["c"],
    rules: [{ exactlyOne: ["agent", "skill"] }],
    fields: [
      { name: "agent", scalar: "id" },
      { name: "skill", scalar: "label" },
      { name: "note", scalar: "sentence" },
    ],
  },
  {
    t: "typing",
    from: ["customer", "agent"],
    needs: ["c"],
    fields: [{ name: "on", required: true, base: "bool" }],
  },
  {
    t: "typing",
    from: ["server"],
    needs: ["c"],
    fields: [
      { name: "who", required: true, scalar: "id" },
      { name: "on", required: true, base: "bool" },
      { name: "kind", base: "string", enum: ["customer", "bot", "agent"] },
      { name: "name", scalar: "label" },
    ],
  },
  { t: "unsub", from: ["agent"], needs: ["c"], fields: [] },
  {
    t: "welcome",
    from: ["server"],
    needs: [],
    fields: [
      { name: "epoch", required: true, scalar: "epoch" },
      { name: "recovered", required: true, base: "bool" },
      { name: "heartbeat_s", required: true, scalar: "count" },
      { name: "agent", required: true, object: "AgentProfile" },
      { name: "feed", required: true, scalar: "count" },
      {
        name: "agents",
        required: true,
        list: { of: { object: "AgentPresence" }, max: 1000 },
      },
      { name: "sites", required: true, list: { of: { object: "SiteName" }, max: 1000 } },
      {
        name: "canned",
        required: true,
        list: { of: { object: "CannedText" }, max: 1000 },
      },
      { name: "intents", list: { of: { object: "IntentName" }, max: 5000 } },
    ],
  },
  {
    t: "welcome",
    from: ["server"],
    needs: [],
    fields: [
      { name: "epoch", required: true, scalar: "epoch" },
      { name: "contact", required: true, object: "Contact" },
      { name: "recovered", required: true, base: "bool" },
      { name: "heartbeat_s", required: true, scalar: "count" },
      {
        name: "conversations",
        required: true,
        list: { of: { object: "ConversationState" }, max: 1000 },
      },
      { name: "site", required: true, object: "SiteGreeting" },
      { name: "agents_online", required: true, base: "bool" },
      { name: "ended", list: { of: { object: "EndedConversation" }, max: 1000 } },
    ],
  },
]);

/**
 * What is wrong with a frame: a field, the code the server would answer with, and a sentence.
 * @typedef {{field: string, code: string, title: string}} Problem
 */

/**
 * Finds what is wrong with a frame, by the same definitions as the server.
 * @param {any} frame
 * @param {"customer" | "agent" | "server"} [sender] when it is known: some types mean different
 *   things from different senders, and without it one that fits is enough
 * @returns {Problem[]} the first problem, or nothing
 */
export function validate(frame, sender) {
  if (!isObject(frame)) return [problem("frame", "must be a JSON object")];
  if (typeof frame.t !== "string") return [problem("t", "must be a string")];
  const candidates = messages.filter(
    (message) => message.t === frame.t && (!sender || message.from.includes(sender)),
  );
  if (candidates.length === 0) return [problem("t", "is not known", "unknown_type")];
  const attempts = candidates.map((message) => caught(() => checkFrame(frame, message)));
  return attempts.find((problems) => problems.length === 0) ?? attempts[0];
}

class Refusal extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.title);
    this.problem = problem;
  }
}

const refuse = (field, rule, code) => {
  throw new Refusal(problem(field, rule, code));
};

const problem = (field, rule, code = "invalid") => ({ field, code, title: `${field} ${rule}` });

const isObject = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isAbsent = (value) => value === undefined || value === null;

function caught(check) {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof Refusal) return [error.problem];
    throw error;
  }
}

function checkFrame(frame, message) {
  for (const name of ["id", "re", "c"]) {
    if (!isAbsent(frame[name])) checkString(frame[name], scalars.id, name);
  }
  for (const name of ["s", "p", "f"]) {
    if (!isAbsent(frame[name])) checkInteger(frame[name], scalars.sequence, name);
  }
  for (const name of message.needs) {
    if (isAbsent(frame[name])) refuse(name, "is required");
  }
  const data = isAbsent(frame.d) ? {} : frame.d;
  if (!isObject(data)) refuse("d", "must be an object");
  checkRules(data, message.rules ?? []);
  checkFields(data, message.fields, "");
  if (message.cases) {
    const fields = message.cases[data[message.tag]];
    if (!fields) refuse(message.tag, "is not a known kind");
    checkFields(data, fields, "");
  }
}

function checkRules(data, rules) {
  for (const rule of rules) {
    if (rule.oneNotEmpty) {
      if (rule.oneNotEmpty.every((name) => isAbsent(data[name]) || data[name].length === 0)) {
        refuse(rule.oneNotEmpty[0], `or ${rule.oneNotEmpty.slice(1).join(", ")} must not be empty`);
      }
      continue;
    }
    const names = rule.exactlyOne ?? rule.atLeastOne;
    const count = names.filter((name) => !isAbsent(data[name])).length;
    if (count === 0 || (rule.exactlyOne && count > 1)) {
      refuse(names[0], `or another of ${names.join(", ")} is required, and only one at most`);
    }
  }
}

function checkFields(data, fields, path) {
  for (const field of fields) {
    const place = path ? `${path}.${field.name}` : field.name;
    const value = data[field.name];
    if (value === undefined && (field.required || field.nullable)) refuse(place, "is required");
    if (value === null && field.required && !field.nullable) refuse(place, "is required");
    if (!isAbsent(value)) checkValue(value, field, place);
  }
}

function checkValue(value, field, place) {
  if (field.list) {
    const bounds = field.list;
    if (!Array.isArray(value)) refuse(place, "must be an array");
    if (value.length < (bounds.min ?? 0) || value.length > bounds.max) {
      refuse(place, `must have ${bounds.min ?? 0} to ${bounds.max} items`);
    }
    value.forEach((item, index) => checkValue(item, bounds.of, `${place}[${index}]`));
  } else if (field.object) {
    if (!isObject(value)) refuse(place, "must be an object");
    checkFields(value, objects[field.object], place);
  } else {
    checkScalar(value, field.scalar ? scalars[field.scalar] : field, place);
  }
}

function checkScalar(value, bounds, place) {
  const check = {
    string: checkString,
    int: checkInteger,
    number: checkNumber,
    bool: (value, _, place) => {
      if (typeof value !== "boolean") refuse(place, "must be true or false");
    },
    object: (value, bounds, place) => {
      if (!isObject(value)) refuse(place, "must be an object");
      checkSize(value, bounds, place);
    },
    array: (value, bounds, place) => {
      if (!Array.isArray(value)) refuse(place, "must be an array");
      checkSize(value, bounds, place);
    },
  }[bounds.base];
  check(value, bounds, place);
}

function checkString(value, bounds, place) {
  if (typeof value !== "string") refuse(place, "must be a string");
  if (bounds.enum && !bounds.enum.includes(value)) {
    refuse(place, `must be one of ${bounds.enum.join(", ")}`);
  }
  const length = [...value].length;
  if (bounds.max !== undefined && length > bounds.max) {
    refuse(place, `must have at most ${bounds.max} characters`, bounds.over);
  }
  if (length < (bounds.min ?? 0)) refuse(place, `must have at least ${bounds.min} characters`);
  if (bounds.characters && !new RegExp(`^[${bounds.characters}]*$`, "u").test(value)) {
    refuse(place, `must have only the characters ${bounds.characters}`);
  }
  if (bounds.form && !forms[bounds.form](value)) refuse(place, "does not have the right form");
}

const forms = {
  time: (text) =>
    /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3})?Z$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    new Date(text).toISOString().slice(0, 10) === text.slice(0, 10),
  email: (text) => {
    const [name, domain, ...more] = text.split("@");
    if (!name || !domain || more.length > 0) return false;
    if (/[\s\x00-\x1f\x7f<>,;:"()]/u.test(text)) return false;
    const labels = domain.split(".");
    return labels.length >= 2 && labels.every((label) => label !== "");
  },
};

function checkInteger(value, bounds, place) {
  if (!Number.isInteger(value)) refuse(place, "must be a whole number");
  checkRange(value, bounds, place);
}

function checkNumber(value, bounds, place) {
  if (typeof value !== "number") refuse(place, "must be a number");
  checkRange(value, bounds, place);
}

function checkRange(value, bounds, place) {
  const { min = -Infinity, max = Infinity } = bounds;
  if (value < min || value > max) refuse(place, `must be from ${min} to ${max}`);
}

function checkSize(value, bounds, place) {
  const size = new TextEncoder().encode(JSON.stringify(value)).length;
  if (size > bounds.bytes) refuse(place, `must be at most ${bounds.bytes} bytes of JSON`);
}
