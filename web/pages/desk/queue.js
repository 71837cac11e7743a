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

export const put = (entry) => within("readwrite", (store) => store.put(entry));
export const remove = (id) => within("readwrite", (store) => store.delete(id));

// Another person at the same machine neither sees nor sends what one chose.
export async function entriesOf(account) {
  const all = await within("readonly", (store) => store.getAll());
  return all.filter((one) => one.account === account).sort((a, b) => a.at - b.at || a.order - b.order);
}
