// All HTTP of the console: calls of the API, event streams of trainings, the key, and the list of recent calls.

/** The root of the service, also behind a context path. */
export const root = new URL('..', import.meta.url);

/** A response of 4xx or 5xx, with the members of its problem (RFC 9457), or a server that cannot be reached: status 0. */
export class Problem extends Error {
  constructor(status, { detail, title, errors = [], ...others } = {}) {
    super(detail ?? title ?? `The server answered with status ${status}`);
    Object.assign(this, others, { status, title, errors });
  }
}

const KEY = 'backprop.key';
export const key = {
  get: () => sessionStorage.getItem(KEY),
  set: value => (value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY)),
  /** Asks the user for a key after a problem, and resolves to whether there is a new one; set by the key dialog. */
  ask: async () => false,
};

/** Whether the service answered the last request; observable. */
export const connection = {
  online: true,
  listeners: new Set(),
  set(online) {
    if (online !== this.online) {
      this.online = online;
      this.listeners.forEach(listener => listener());
    }
  },
};

/** An observable list of the last 20 calls, oldest first; consecutive ones of the same method and path are one entry. */
export const calls = {
  list: [],
  listeners: new Set(),
  changed() {
    this.list = this.list.slice(-20);
    this.listeners.forEach(listener => listener());
  },
  begin(entry) {
    const last = this.list.at(-1);
    const count = last?.method === entry.method && last.path === entry.path ? last.count + 1 : 1;
    const added = { ...entry, status: null, count, id: count > 1 ? last.id : (last?.id ?? 0) + 1 };
    this.list = [...(count > 1 ? this.list.slice(0, -1) : this.list), added];
    this.changed();
    return added;
  },
  end(entry, status) {
    entry.status = status;
    this.changed();
    this.ended?.(entry); // set by the recorder
  },
};

async function request(method, path, { query = {}, body, headers = {}, background = false, signal } = {}) {
  const url = new URL(path, root);
  Object.entries(query).forEach(([name, value]) => value != null && value !== '' && url.searchParams.set(name, value));
  if (body != null && !(body instanceof Blob) && typeof body !== 'string') {
    body = JSON.stringify(body);
    headers = { 'Content-Type': 'application/json', ...headers };
  }
  const shown = url.pathname.slice(root.pathname.length - 1) + url.search;
  const entry = calls.begin({ method, path: shown, headers, body, background, keyed: Boolean(key.get()) });
  for (;;) {
    const authorization = key.get() ? { Authorization: `Bearer ${key.get()}` } : {};
    let response;
    try {
      response = await fetch(url, { method, body, headers: { ...headers, ...authorization }, signal });
    } catch (e) {
      calls.end(entry, signal?.aborted ? 'aborted' : 'no answer');
      connection.set(Boolean(signal?.aborted) && connection.online);
      throw signal?.aborted ? e : new Problem(0, { detail: 'The server cannot be reached.' });
    }
    connection.set(true);
    if (response.ok) {
      return { response, entry };
    }
    const text = await response.text();
    const problem = new Problem(response.status, text.startsWith('{') ? JSON.parse(text) : {});
    if (response.status === 401 && (await key.ask(problem))) {
      entry.keyed = true;
      continue;
    }
    calls.end(entry, response.status);
    throw problem;
  }
}

/**
 * Calls an operation and returns its JSON, or a Blob of another type; rejects with a Problem.
 *
 * Options: query (an object), body (an object, sent as JSON, or a File), headers, background (not recorded), signal,
 * received (called with the headers of the response).
 */
export async function call(method, path, options) {
  const { response, entry } = await request(method, path, options);
  options?.received?.(response.headers);
  const type = response.headers.get('Content-Type') ?? '';
  const result = response.status === 204 ? null : type.includes('json') ? await response.json() : await response.blob();
  calls.end(entry, response.status);
  return result;
}

/** The path of a model, or of what is below it. */
export const modelPath = (id, ...rest) => ['models', id, ...rest].map(encodeURIComponent).join('/');

const pause = (ms, signal) =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => resolve(clearTimeout(timer)));
  });

/**
 * Follows a training by its server-sent events until it ends, and connects again when the connection is lost. Calls
 * on.epoch(data) and on.connected(boolean), and resolves to the training at its end, or null if the signal aborts.
 */
export async function follow(model, number, { signal, on }) {
  let last = null;
  while (!signal.aborted) {
    try {
      const { response, entry } = await request('GET', modelPath(model, 'trainings', number, 'events'), {
        headers: last == null ? {} : { 'Last-Event-ID': last },
        signal,
      });
      on.connected?.(true);
      for await (const event of eventsOf(response.body)) {
        if (event.event === 'end') {
          calls.end(entry, response.status);
          return JSON.parse(event.data);
        }
        last = event.id;
        on.epoch?.(JSON.parse(event.data));
      }
    } catch (e) {
      if (e instanceof Problem && e.status && e.status < 500) {
        throw e;
      }
    }
    if (!signal.aborted) {
      on.connected?.(false);
      await pause(1000, signal);
    }
  }
  return null;
}

async function* eventsOf(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const blocks = (text + chunk.value).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const fields = block.split('\n').map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]);
      const event = Object.fromEntries(fields.map(([name, value]) => [name, value.trimStart()]));
      if (event.event) {
        yield event;
      }
    }
  }
}
