/**
 * `window.maitred`, as `loader.js` puts it there.
 *
 *     /// <reference path="maitred.d.ts" />
 *     maitred("on", "unread", (count) => draw(count));
 */

declare const maitred: maitred.Call;

interface Window {
  maitred: maitred.Call;
}

declare namespace maitred {
  /**
   * Every call may be made before the loader has arrived, and returns a Promise. A name that is
   * not known or a value that cannot be meant is a rejection that says what was likely meant.
   */
  interface Call {
    /** Begins, or adds options to what has begun. A `data-site` on the script does it too. */
    (method: "boot", options?: Options): Promise<void>;
    /** Fulfilled once the widget has begun. */
    (method: "ready"): Promise<void>;
    /**
     * Ends the session on the server, here and in the site's other tabs; nothing is sent
     * afterwards. Rejected when the server could not be told, or the chat did not answer: then the
     * server is told, and the session is of no use, when the chat is loaded in this browser again.
     */
    (method: "shutdown"): Promise<void>;

    (method: "open"): Promise<void>;
    (method: "close"): Promise<void>;
    (method: "toggle"): Promise<void>;
    /** Shows the launcher. */
    (method: "show"): Promise<void>;
    /** Hides the launcher; the panel stays as it is. */
    (method: "hide"): Promise<void>;

    /** Says what page this is. Belongs to the route on which it was said. */
    (method: "context", declaration?: Declaration): Promise<void>;
    /** Facts about the customer or their conversation, on every page. */
    (method: "update", scopes: Scopes): Promise<void>;
    /** Tells of something the customer did; the name has at most 100 characters. */
    (method: "track", name: string, data?: Facts): Promise<void>;
    /** Says how to learn who the customer is; null for nobody. */
    (method: "identify", identity: Identity | null): Promise<void>;

    /** Opens with a draft that the customer may change and send. */
    (method: "compose", text: string): Promise<void>;
    /** Opens and sends. */
    (method: "ask", text: string): Promise<void>;

    /** A BCP 47 language tag. */
    (method: "locale", locale: string): Promise<void>;
    (method: "theme", theme: Theme): Promise<void>;

    /** Calls back until the returned function is called, or the widget is shut down. */
    <Name extends keyof Events>(
      method: "on",
      event: Name,
      listener: (detail: Events[Name]) => void,
    ): Promise<() => void>;

    /** Whether the loader is there. Calls need not wait for it. */
    readonly isLoaded?: boolean;
  }

  interface Options {
    /** The site's key. */
    site?: string;
    /** A BCP 47 language tag; otherwise the page's, otherwise the browser's. */
    locale?: string;
    theme?: Theme;
    /** The brand's colour, such as `#0d6662`; otherwise the site's own. */
    colour?: string;
    /** Where the product's paths begin, for links in answers. */
    base?: string;
    /** False: nothing is loaded before the first sign of interest. */
    preload?: boolean;
    /** False: the number of unread messages is not put in front of the page's title. */
    title?: boolean;
    /** True: a message that nobody sees is heard, once the customer has touched the chat. */
    sound?: boolean;
    /** True: the last error of the page's scripts is a fact, as its message and a hash. */
    errors?: boolean;
    /** The parameters of the address that may leave the page; all others stay in it. */
    query?: string[];
    /** True: the console says what was left out and why. */
    debug?: boolean;
    identify?: Identity | null;
    /**
     * Sees all that is about to leave the page. What it returns is sent instead; null, undefined
     * or a failure sends nothing. It must answer at once.
     */
    beforeSend?: (sent: Sent) => Sent | null | undefined;
  }

  type Theme = "auto" | "light" | "dark";

  /**
   * A JWT signed by the product's own server, or what fetches one: asked again whenever one is
   * needed. Another text of at most 8,192 characters, such as the product's own session, is for a
   * plugin of the server's to check. Markup, a failure, or ten seconds without an answer is a
   * customer without a name.
   */
  type Identity = string | (() => string | null | Promise<string | null>);

  /**
   * Anything else is left out, and so are secrets: `pass`, `token`, `card` and the like in a
   * name, the numbers of cards, and credentials.
   */
  type Facts = Record<string, string | number | boolean>;

  interface Declaration {
    /** The page's own name for itself, such as `billing.invoice`. */
    page?: string;
    facts?: Facts;
  }

  interface Scopes {
    contact?: Facts;
    conversation?: Facts;
  }

  type Sent = SentContext | SentTrack;

  interface SentContext {
    kind: "context";
    /** Without query and fragment. */
    url_path: string;
    title: string;
    page?: string;
    facts: Facts;
    locale: string;
    viewport: [width: number, height: number];
  }

  interface SentTrack {
    kind: "track";
    name: string;
    data: Facts;
  }

  /** What `on` tells of, and with what. */
  interface Events {
    open: undefined;
    close: undefined;
    /** How many messages the customer has not seen. */
    unread: number;
    "message:sent": Message;
    "message:received": Message;
    connection: Connection;
    error: Failure;
  }

  /** That there is one, and never what it says. */
  interface Message {
    /** When it was written, as the server has it: RFC 3339. */
    at: string;
    from: "customer" | "bot" | "agent" | "system";
  }

  interface Connection {
    state: "idle" | "connecting" | "online" | "waiting" | "stopped";
    reason: string;
  }

  interface Failure {
    /** `identify`: nobody could be named. `before_send`: the hook failed. `unreachable`: no chat. */
    code: "identify" | "before_send" | "unreachable";
    /** For developers. */
    message: string;
  }
}
