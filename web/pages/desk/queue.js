// Files that were chosen and not received yet. They lie in this browser's IndexedDB, so that a
// reload, a lost line or a restarted server loses none of them; each is removed with its receipt.
const NAME = "sohoa-desk";
const STORE = "files";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

// All or none: a page that is closed meanwhile leaves no half of what was chosen.
export const add = (entries) => within("readwrite", (store) => entries.map((one) => store.put(one)).at(-1)).then(changed);
export const remove = (id) => within("readwrite", (store) => store.delete(id)).then(changed);

// Change what is known of a file; one that was removed meanwhile stays away.
export const amend = (id, values) => within("readwrite", (store) => {
  const request = store.get(id);
  request.onsuccess = () => { if (request.result) store.put({ ...request.result, ...values }); };
  return request;
}).then(changed);

// The other pages of this browser hear of each change: they show it, and go on where one is closed.
const others = new BroadcastChannel(NAME);
const changed = () => { others.postMessage("changed"); };
export const onChangedElsewhere = (listener) => others.addEventListener("message", listener);

// Another person at the same machine neither sees nor sends what one chose.
export async function entriesOf(account) {
  const all = await within("readonly", (store) => store.getAll());
  return all.filter((one) => one.account === account).sort((a, b) => a.at - b.at || a.order - b.order);
}
