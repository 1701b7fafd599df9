// Items that are read at once and handed out one after another. A generator does the same and costs several times as much.

const end: IteratorReturnResult<undefined> = { value: undefined, done: true };

/** What `load` answers; it is called when the first is asked for. An aborted signal ends it with its reason. */
export function oneByOne<Item>(
  load: () => Promise<readonly Item[]>,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<Item> {
  let items: readonly Item[] = [];
  let at = 0;
  let loading: Promise<void> | null = null;
  let loaded = false;
  let left = false;
  const leave = (): void => {
    left = true;
    items = [];
  };
  const take = (): Promise<IteratorResult<Item>> => {
    if (!left && signal?.aborted === true) {
      leave();
      return Promise.reject(signal.reason as Error);
    }
    if (at < items.length) {
      at += 1;
      return Promise.resolve({ value: items[at - 1] as Item, done: false });
    }
    leave();
    return Promise.resolve(end);
  };
  const begin = async (): Promise<void> => {
    try {
      const all = await load();
      if (!left) items = all;
      loaded = true;
    } catch (error) {
      leave();
      throw error;
    }
  };
  const iterator: AsyncIterableIterator<Item> = {
    next() {
      if (loaded || left) return take();
      loading ??= begin();
      return loading.then(take);
    },
    return() {
      leave();
      return Promise.resolve(end);
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
