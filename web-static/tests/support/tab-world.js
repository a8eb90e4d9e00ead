// @ts-check

/** Several tabs of one browser, played by a test: what they hear of each other, and their locks. */
export class TabWorld {
  /** @type {Set<PlayedChannel>} */
  #channels = new Set();
  /** @type {{id: number, grant: () => void, lose: (error: Error) => void, tab: PlayedTab}[]} */
  #line = [];
  #nextID = 0;

  /** A tab that is open until it is closed, and hears others unless it is frozen. */
  tab({ hasLocks = true, hears = true } = {}) {
    return new PlayedTab(this, hasLocks, hears);
  }

  /** @param {PlayedTab} tab @param {(name: string) => void} [_] */
  openChannel(tab) {
    const channel = new PlayedChannel(this, tab);
    this.#channels.add(channel);
    return channel;
  }

  /** @param {PlayedChannel} from @param {any} data */
  carry(from, data) {
    const copy = structuredClone(data);
    for (const channel of this.#channels) {
      if (channel !== from) queueMicrotask(() => channel.tab.hear(() => channel.receive(copy)));
    }
  }

  /**
   * @param {PlayedTab} tab
   * @param {{signal?: AbortSignal, steal?: boolean}} options
   * @param {() => any} run
   */
  lock(tab, { signal, steal }, run) {
    return new Promise((resolve, reject) => {
      const id = (this.#nextID += 1);
      const leave = () => {
        const wasFirst = this.#line[0]?.id === id;
        this.#line = this.#line.filter((each) => each.id !== id);
        if (wasFirst) this.#line[0]?.grant();
      };
      const lose = (/** @type {Error} */ error) => (leave(), reject(error));
      const grant = () => queueMicrotask(async () => resolve((await run(), leave())));
      signal?.addEventListener("abort", () => {
        if (this.#line[0]?.id !== id) lose(aborted());
      });
      if (steal) {
        const [robbed] = this.#line.splice(0, 1, { id, grant, lose, tab });
        if (robbed) robbed.tab.hear(() => robbed.lose(aborted()));
        return grant();
      }
      this.#line.push({ id, grant, lose, tab });
      if (this.#line[0].id === id) grant();
    });
  }

  /** @param {PlayedTab} tab */
  forget(tab) {
    for (const channel of this.#channels) if (channel.tab === tab) this.#channels.delete(channel);
    const held = this.#line[0]?.tab === tab;
    this.#line = this.#line.filter((each) => each.tab !== tab);
    if (held) this.#line[0]?.grant();
  }
}

class PlayedTab {
  #world;
  #hears;
  #isOpen = true;
  /** @type {(() => void)[] | null} what it would have heard while it was frozen */
  #held = null;

  /** @param {TabWorld} world @param {boolean} hasLocks @param {boolean} hears */
  constructor(world, hasLocks, hears) {
    this.#world = world;
    this.#hears = hears;
    /** @type {any} */
    this.locks = hasLocks
      ? { request: (/** @type {any} */ _, /** @type {any} */ options, /** @type {any} */ run) =>
        world.lock(this, options, run) }
      : { request: async () => { throw new DOMException("denied", "SecurityError"); } };
  }

  /** What `TabChannel` calls to open one. */
  open = () => {
    if (!this.#hears) throw new Error("no channel");
    return this.#world.openChannel(this);
  };

  /** It is gone, without a word. */
  crash() {
    this.#isOpen = false;
    this.#world.forget(this);
  }

  freeze() {
    this.#held = [];
  }

  thaw() {
    const held = this.#held ?? [];
    this.#held = null;
    for (const run of held) this.hear(run);
  }

  /** @param {() => void} run */
  hear(run) {
    if (this.#held) this.#held.push(run);
    else if (this.#isOpen) run();
  }

  get isOpen() {
    return this.#isOpen;
  }
}

class PlayedChannel {
  /** @type {((event: {data: any}) => void) | null} */
  onmessage = null;
  #world;

  /** @param {TabWorld} world @param {PlayedTab} tab */
  constructor(world, tab) {
    this.#world = world;
    this.tab = tab;
  }

  /** @param {any} data */
  postMessage(data) {
    if (this.tab.isOpen) this.#world.carry(this, data);
  }

  /** @param {any} data */
  receive(data) {
    this.onmessage?.({ data });
  }

  close() {}
}

function aborted() {
  return new DOMException("aborted", "AbortError");
}
