// All HTTP of the console: calls of the API, event streams, the key, and the list of recent calls.

/** The root of the service, also behind a context path. */
export const root = new URL('..', import.meta.url);

/** A response of 4xx or 5xx, with the members of its problem (RFC 9457), or no response: status 0. */
class Problem extends Error {
  constructor(status, { detail, title, errors = [], ...others }) {
    super(detail ?? title ?? `The server answered with status ${status}`);
    Object.assign(this, others, { status, title, errors });
  }
}

/** An object whose changes components listen to, by useChanges of ui.js. */
export const observable = members => ({
  listeners: new Set(),
  changed() {
    this.listeners.forEach(listener => listener());
  },
  ...members,
});

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const RETRY = 1000;

/** Whether the service answered the last call. If it did not, it is asked until it does. */
export const connection = observable({
  online: true,
  async set(online) {
    if (online !== this.online) {
      this.online = online;
      this.changed();
      while (!this.online) {
        await pause(RETRY);
        await fetch(new URL('console/icon.svg', root), { cache: 'no-store' }).then(() => this.set(true), () => null);
      }
    }
  },
});

const KEY = 'backprop.key';
export const key = {
  get: () => sessionStorage.getItem(KEY),
  set: value => (value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY)),
  ask: null, // asks the user for a key after a problem, and resolves to whether there is a new one; set by main.js
};

/** The last 20 calls, oldest first. Those that change nothing and repeat the last one are one entry with a count. */
export const calls = observable({
  list: [],
  begin(entry) {
    const { method, path, background } = entry;
    const reads = method === 'GET' || /\/(predict|evaluate|importance)\b/.test(path);
    const before = reads && (background ? this.list : this.list.slice(-1)).find(
      each => each.method === method && each.path === path && each.background === background);
    const { id, count } = before || { id: (this.list.at(-1)?.id ?? 0) + 1, count: 0 };
    const added = { ...entry, id, count: count + 1, status: null, started: performance.now() };
    this.list = before ? this.list.map(each => (each === before ? added : each)) : [...this.list, added].slice(-20);
    this.changed();
    return added;
  },
  end(entry, status, result) {
    Object.assign(entry, { status, duration: performance.now() - entry.started });
    this.changed();
    this.ended(entry, result);
  },
  ended: null, // called with each call and its result; set by drawer.js
});

async function request(method, path, { query = {}, body, headers = {}, background = false, ...options } = {}) {
  const url = new URL(path, root);
  url.search = new URLSearchParams(Object.entries(query).filter(([, value]) => value != null && value !== ''));
  if (body && !(body instanceof Blob)) {
    body = JSON.stringify(body);
    headers = { 'Content-Type': 'application/json', ...headers };
  }
  const shown = url.href.slice(root.href.length - 1);
  const entry = calls.begin({ method, path: shown, headers, body, background });
  for (;;) {
    const sent = key.get();
    entry.keyed = Boolean(sent);
    const authorized = sent ? { ...headers, Authorization: `Bearer ${sent}` } : headers;
    let response;
    try {
      response = await fetch(url, { method, body, headers: authorized, ...options });
    } catch (e) {
      if (options.signal?.aborted) {
        calls.end(entry, 'aborted');
        throw e;
      }
      connection.set(false);
      if (method === 'GET') {
        await pause(RETRY);
        continue;
      }
      calls.end(entry, 'no answer');
      throw new Problem(0, { title: 'No answer', detail: 'The service does not answer.' });
    }
    connection.set(true);
    if (response.ok) {
      return { response, entry };
    }
    const problem = new Problem(response.status, await response.json().catch(() => ({})));
    problem.retryAfter = response.headers.get('Retry-After');
    const refused = response.status === 401 || (response.status === 403 && sent);
    if (refused && (key.get() !== sent || (!background && (await key.ask(problem))))) {
      continue;
    }
    calls.end(entry, response.status);
    throw problem;
  }
}

/**
 * Calls an operation and returns its JSON, or a Blob of another type; rejects with a Problem. A GET waits until the
 * service answers. A body is a File or is sent as JSON; a call in the background is not recorded.
 */
export async function call(method, path, options) {
  const { response, entry } = await request(method, path, options);
  const type = response.headers.get('Content-Type') ?? '';
  const result = await (response.status === 204 ? null : type.includes('json') ? response.json() : response.blob());
  calls.end(entry, response.status, result);
  return result;
}

/** The path of a model, or of what is below it. */
export const modelPath = (id, ...rest) => ['models', id, ...rest].map(encodeURIComponent).join('/');

/**
 * Follows the events of a training or search until it ends, and connects again when the connection is lost: calls
 * on[event](data) with the latest event of each kind and each new one, and resolves to the training or search, or to
 * null if the signal aborts.
 */
export async function follow(path, { signal, on }) {
  while (!signal.aborted) {
    let [entry, seconds] = [null, 1];
    try {
      const opened = await request('GET', `${path}/events`, { signal });
      entry = opened.entry;
      for await (const { event, data } of eventsOf(opened.response.body)) {
        if (event === 'end') {
          calls.end(entry, 200, JSON.parse(data));
          return JSON.parse(data);
        }
        on[event]?.(JSON.parse(data));
      }
    } catch (e) {
      seconds = e.retryAfter ?? 1;
      if (e instanceof Problem && !e.retryAfter) {
        throw e;
      }
    }
    entry && calls.end(entry, 'closed');
    await pause(1000 * seconds);
  }
  return null;
}

/** The server-sent events of a stream; a comment has neither event nor data. */
async function* eventsOf(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const blocks = (text + chunk.value).split('\n\n');
    text = blocks.pop();
    yield* blocks.map(block => Object.fromEntries(block.split('\n').map(line => line.split(/: ?(.*)/s))));
  }
}
