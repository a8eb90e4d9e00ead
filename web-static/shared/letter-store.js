// @ts-check

/** @typedef {import("./outbox.js").Letter} Letter */
/** @typedef {import("./outbox.js").LetterStore} LetterStore */

const database = "maitred";
const table = "outbox";
/** Browsers have been seen never to answer. */
const openWithin = 2_000;

/**
 * The best place this browser offers to keep letters: IndexedDB, else localStorage, else memory
 * (private windows and embedded pages may refuse the first two), which says that it does not last.
 * @param {string} scope keeps the letters of different sites apart
 * @returns {Promise<LetterStore>}
 */
export async function openLetterStore(scope) {
  try {
    return indexed(await openDatabase(), scope);
  } catch {
    return listed(scope, usableStorage());
  }
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(table, { keyPath: ["scope", "cid"] });
    };
    request.onsuccess = () => {
      // Another page may bring a newer form of it.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
    setTimeout(() => reject(new Error("silent")), openWithin);
  });
}

/**
 * @param {IDBDatabase} db
 * @param {string} scope
 * @returns {LetterStore}
 */
function indexed(db, scope) {
  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest<T>} run
   * @returns {Promise<T>}
   */
  const perform = (mode, run) =>
    new Promise((resolve, reject) => {
      const transaction = db.transaction(table, mode);
      const request = run(transaction.objectStore(table));
      // Not one more turn of the loop: the page may be closed right after a message was sent.
      transaction.commit?.();
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  const own = IDBKeyRange.bound([scope], [scope, []]);
  return {
    lasts: true,
    async all() {
      const kept = await perform("readonly", (store) => store.getAll(own));
      return kept.map(({ scope: _, ...letter }) => letter);
    },
    async put(letter) {
      await perform("readwrite", (store) => store.put({ scope, ...letter }));
    },
    async remove(cid) {
      await perform("readwrite", (store) => store.delete([scope, cid]));
    },
    async clear() {
      await perform("readwrite", (store) => store.delete(own));
    },
  };
}

/**
 * Letters as one value of a storage that other tabs write to as well, or in memory.
 * @param {string} scope
 * @param {Storage | null} storage
 * @returns {LetterStore}
 */
export function listed(scope, storage) {
  const key = `maitred:${scope}:outbox`;
  let memory = "[]";
  /** @returns {Letter[]} */
  const read = () => {
    try {
      return JSON.parse(storage ? storage.getItem(key) ?? "[]" : memory);
    } catch {
      return [];
    }
  };
  /** @param {Letter[]} letters */
  const save = (letters) => {
    memory = JSON.stringify(letters);
    storage?.setItem(key, memory);
  };
  return {
    lasts: storage !== null,
    all: async () => read(),
    put: async (letter) => save([...read().filter(({ cid }) => cid !== letter.cid), letter]),
    remove: async (cid) => save(read().filter((letter) => letter.cid !== cid)),
    async clear() {
      memory = "[]";
      storage?.removeItem(key);
    },
  };
}

function usableStorage() {
  try {
    localStorage.setItem("maitred:probe", "1");
    localStorage.removeItem("maitred:probe");
    return localStorage;
  } catch {
    return null;
  }
}
