// @ts-check

/** The server's end of sockets that a `Connection` opens, played by a test. */
export class ScriptedServer {
  /** @type {ScriptedSocket[]} */
  sockets = [];

  /** What `Connection` calls to open one. */
  open = (/** @type {string} */ url, /** @type {string} */ protocol) => {
    const socket = new ScriptedSocket(url, protocol);
    this.sockets.push(socket);
    return /** @type {any} */ (socket);
  };

  get socket() {
    return /** @type {ScriptedSocket} */ (this.sockets.at(-1));
  }

  /** Opens the newest socket and welcomes its hello. */
  welcome(d = {}) {
    this.socket.onopen?.();
    this.socket.receive({ t: "welcome", re: "h", d: { epoch: "e1", heartbeat_s: 20, ...d } });
  }
}

class ScriptedSocket {
  /** @type {any[]} */
  sent = [];
  closedWith = 0;
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {((event: {data: string}) => void) | null} */
  onmessage = null;
  /** @type {((event: {code: number}) => void) | null} */
  onclose = null;

  /** @param {string} url @param {string} protocol */
  constructor(url, protocol) {
    this.url = url;
    this.protocol = protocol;
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  /** @param {number} code */
  close(code) {
    this.closedWith = code;
  }

  /** @param {object} frame */
  receive(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** @param {number} code */
  closes(code) {
    this.onclose?.({ code });
  }
}
