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

/** What components listen to, by useChanges of ui.js. */
export class Observable {
  listeners = new Set();

  constructor(members) {
    Object.assign(this, members);
  }

  changed() {
    this.listeners.forEach(listener => listener());
  }
}

const pause = (ms, signal) =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => resolve(clearTimeout(timer)));
  });

const FIRST_RETRY = 500;
const LAST_RETRY = 5000;

/** Whether the service answers: set by each call. When it stops to answer, it is asked again until it does. */
export const connection = new Observable({
  online: true,
  restored: Promise.resolve(),
  set(online) {
    if (online !== this.online) {
      this.online = online;
      this.restored = online ? this.restored : this.retry();
      this.changed();
    }
  },
  async retry() {
    for (let delay = FIRST_RETRY; !this.online; delay = Math.min(2 * delay, LAST_RETRY)) {
      await pause(delay);
      const response = await fetch(new URL('console/icon.svg', root), { method: 'HEAD', cache: 'no-store' }).catch(() => null);
      if (response?.ok) {
        this.set(true);
      }
    }
  },
});

const KEY = 'backprop.key';
export const key = new Observable({
  needed: sessionStorage.getItem(KEY) != null,
  get: () => sessionStorage.getItem(KEY),
  set(value) {
    value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY);
    this.changed();
  },
  /** Asks the user for a key after a problem, and resolves to whether there is a new one; set by the key dialog. */
  ask: async () => false,
});

/** Whether a call changes nothing, so that of several in a row the last one says all. */
export const isReading = ({ method, path }) => method === 'GET' || /\/(predict|evaluate|importance)(\?|$)/.test(path);

/** The last 20 calls, oldest first; repeated readings are one entry with a count, those in the background wherever they are. */
export const calls = new Observable({
  list: [],
  begin(entry) {
    const same = each => each.method === entry.method && each.path === entry.path && each.background === entry.background;
    const candidates = entry.background ? this.list : this.list.slice(-1);
    const before = isReading(entry) ? candidates.find(same) : undefined;
    const { id, count } = before ?? { id: (this.list.at(-1)?.id ?? 0) + 1, count: 0 };
    const added = { ...entry, id, count: count + 1, status: null, started: performance.now() };
    this.list = before ? this.list.map(each => (each === before ? added : each)) : [...this.list, added].slice(-20);
    this.changed();
    return added;
  },
  end(entry, status, result) {
    Object.assign(entry, { status, duration: performance.now() - entry.started });
    this.changed();
    this.ended?.(entry, result); // set by the recorder
  },
});

async function request(method, path, { query = {}, body, headers = {}, background = false, signal } = {}) {
  const url = new URL(path, root);
  Object.entries(query).forEach(([name, value]) => value != null && value !== '' && url.searchParams.set(name, value));
  if (body != null && !(body instanceof Blob) && typeof body !== 'string') {
    body = JSON.stringify(body);
    headers = { 'Content-Type': 'application/json', ...headers };
  }
  if (body instanceof Blob) {
    headers = { 'Content-Type': body.type, ...headers };
  }
  const shown = url.pathname.slice(root.pathname.length - 1) + url.search;
  const entry = calls.begin({ method, path: shown, headers, body, background });
  for (let attempt = 1; ; attempt++) {
    const sent = key.get();
    entry.keyed = Boolean(sent);
    const authorization = sent ? { Authorization: `Bearer ${sent}` } : {};
    let response;
    try {
      response = await fetch(url, { method, body, headers: { ...headers, ...authorization }, signal });
    } catch (e) {
      if (method === 'GET' && !signal?.aborted) {
        connection.set(false);
        await connection.restored;
        continue;
      }
      throw lost(e, entry, signal);
    }
    connection.set(![502, 504].includes(response.status)); // of a proxy
    if (response.ok) {
      return { response, entry };
    }
    const text = await response.text();
    const problem = new Problem(response.status, text.startsWith('{') ? JSON.parse(text) : {});
    if (response.status === 401 || (response.status === 403 && sent)) {
      key.needed = true;
      key.changed();
      if (key.get() !== sent || (!background && (await key.ask(problem)))) {
        continue;
      }
    }
    if (response.status === 429 && attempt < 5) {
      await pause(1000 * (Number(response.headers.get('Retry-After')) || 1), signal);
      continue;
    }
    calls.end(entry, response.status);
    throw problem;
  }
}

/** Ends the entry of a call without a response, and returns what the caller gets in its place. */
function lost(e, entry, signal) {
  calls.end(entry, signal?.aborted ? 'aborted' : 'no answer');
  if (signal?.aborted) {
    return e;
  }
  connection.set(false);
  return new Problem(0, { title: 'No answer', detail: 'The service does not answer.' });
}

/**
 * Calls an operation and returns its JSON, or a Blob of another type; rejects with a Problem. A GET waits until the
 * service answers.
 *
 * Options: query (an object), body (an object, sent as JSON, or a File), headers, background (not recorded), signal,
 * received (called with the headers of the response).
 */
export async function call(method, path, options) {
  const { response, entry } = await request(method, path, options);
  options?.received?.(response.headers);
  const type = response.headers.get('Content-Type') ?? '';
  let result = null;
  try {
    result = response.status === 204 ? null : type.includes('json') ? await response.json() : await response.blob();
  } catch (e) {
    throw lost(e, entry, options?.signal);
  }
  calls.end(entry, response.status, result);
  return result;
}

/** The path of a model, or of what is below it. */
export const modelPath = (id, ...rest) => ['models', id, ...rest].map(encodeURIComponent).join('/');

const SILENCE = 60_000; // the service sends something every 15 s

/**
 * Follows a training by its server-sent events until it ends, and connects again when the connection is lost. Calls
 * on.connected() whenever events begin, of which the first is the latest epoch, and on.epoch(data); resolves to the
 * training at its end, or null if the signal aborts; rejects with a Problem, such as 404 when the model was deleted.
 */
export async function follow(model, number, { signal, on }) {
  for (let delay = FIRST_RETRY; !signal.aborted; delay = Math.min(2 * delay, LAST_RETRY)) {
    const silent = new AbortController();
    let opened = null;
    let status = 'lost';
    try {
      opened = await request('GET', modelPath(model, 'trainings', number, 'events'), {
        signal: AbortSignal.any([signal, silent.signal]),
      });
      delay = FIRST_RETRY;
      on.connected?.();
      for await (const event of eventsOf(opened.response.body, silent)) {
        if (event.event === 'end') {
          status = opened.response.status;
          return JSON.parse(event.data);
        }
        on.epoch?.(JSON.parse(event.data));
      }
    } catch (e) {
      if (e instanceof Problem && e.status >= 400 && e.status < 500 && e.status !== 429) {
        throw e;
      }
      if (!(e instanceof Problem || signal.aborted || silent.signal.aborted)) {
        connection.set(false);
      }
    } finally {
      if (opened) {
        calls.end(opened.entry, signal.aborted ? 'aborted' : status);
      }
    }
    await (connection.online ? pause(delay, signal) : connection.restored);
  }
  return null;
}

async function* eventsOf(stream, silent) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const timer = setTimeout(() => silent.abort(), SILENCE);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) {
      return;
    }
    const blocks = (text + value).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const event = Object.fromEntries(block.split('\n').map(line => line.split(/: ?(.*)/s)));
      if (event.event) {
        yield event;
      }
    }
  }
}
