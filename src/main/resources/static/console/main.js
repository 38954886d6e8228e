// The shell of the console: routes in the hash, navigation, theme, the dialog for a key, and the HTTP drawer.
import { html, render, useEffect, useErrorBoundary, useRef, useState } from './vendor/htm-preact.js';
import { Drawer } from './drawer.js';
import { connection, key } from './http.js';
import { Alert, useChanges } from './ui.js';

const VIEWS = new Map([
  ['', () => import('./start.js')],
  ['new', () => import('./new.js')],
  ['models', () => import('./model.js')],
  ['playground', () => import('./playground.js')],
]);

/** "#/models/iris/try?version=2" → {view: 'models', path: ['iris', 'try'], query: {version: '2'}} */
function parseHash() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  try {
    const [view, ...rest] = path.split('/').map(decodeURIComponent);
    if (VIEWS.has(view) && (view !== 'models' || rest[0])) {
      return { view, path: rest, query: Object.fromEntries(new URLSearchParams(query)) };
    }
  } catch {
    // a % that encodes nothing: no view
  }
  return { view: '', path: [], query: {} };
}

function useRoute() {
  const [route, setRoute] = useState(parseHash);
  useEffect(() => {
    const change = () => setRoute(parseHash());
    addEventListener('hashchange', change);
    return () => removeEventListener('hashchange', change);
  }, []);
  return route;
}

function View({ route }) {
  const [loaded, setLoaded] = useState({});
  const [problem] = useErrorBoundary(console.error);
  useEffect(() => {
    VIEWS.get(route.view)().then(module => setLoaded({ Content: module.default }), failed => setLoaded({ failed }));
  }, []);
  if (problem ?? loaded.failed) {
    return html`
      <${Alert} problem=${problem ?? { message: 'The service does not answer.', title: 'The page cannot be loaded' }} />
      <button onClick=${() => location.reload()}>Load again</button>`;
  }
  return loaded.Content ? html`<${loaded.Content} ...${route} />` : null;
}

/** Says when the service does not answer. */
function Connection() {
  useChanges(connection);
  const { online } = connection;
  return html`<p id="state" role="status" data-state=${online ? 'online' : 'offline'}>
    ${online ? null : 'The service does not answer. This page tries again until it does.'}
  </p>`;
}

const THEMES = { auto: 'System', light: 'Light', dark: 'Dark' };

function Theme() {
  const { dataset } = document.documentElement;
  const choose = ({ target: { value } }) => {
    if (value === 'auto') {
      delete dataset.theme;
      localStorage.removeItem('backprop.theme');
    } else {
      dataset.theme = value;
      localStorage.setItem('backprop.theme', value);
    }
  };
  return html`<select id="theme" class="theme" aria-label="Theme" onChange=${choose}>
    ${Object.entries(THEMES).map(([value, name]) => html`
      <option value=${value} selected=${value === (dataset.theme ?? 'auto')}>${name}</option>`)}
  </select>`;
}

function explain({ status, message }) {
  return status === 403 ? `The key may not do this: ${message}` : key.get() ? 'The service does not know this key.' : '';
}

/**
 * The dialog for a key, and the button that opens it. Calls that are refused at the same time wait for the same answer.
 * Where the user changes the key without being asked, the view begins again.
 */
function Keys({ onChange }) {
  useChanges(key);
  const dialog = useRef(null);
  const [text, setText] = useState('');
  const asked = useRef(null);
  const open = problem => {
    setText(problem ? explain(problem) : '');
    dialog.current.showModal();
  };
  useEffect(() => {
    key.ask = problem => {
      if (!asked.current) {
        asked.current = {};
        asked.current.answer = new Promise(resolve => (asked.current.resolve = resolve));
        open(problem);
      }
      return asked.current.answer;
    };
  }, []);
  const settle = value => {
    if (value !== undefined) {
      key.set(value);
    }
    const { resolve = () => value !== undefined && onChange() } = asked.current ?? {};
    asked.current = null;
    dialog.current.close();
    resolve(Boolean(value));
  };
  const submit = event => {
    event.preventDefault();
    const value = new FormData(event.target).get('key').trim();
    event.target.reset();
    settle(value);
  };
  return html`
    ${key.needed && html`<button type="button" id="key-open" class="quiet" onClick=${() => open()}>Key</button>`}
    <dialog ref=${dialog} aria-labelledby="key-title" onClose=${() => dialog.current.open || settle()}>
      <article>
        <h2 id="key-title">${key.get() ? 'Another key' : 'This service requires a key'}</h2>
        <form onSubmit=${submit}>
          <label>Key <input id="key" name="key" type="password" autocomplete="off" required
            aria-describedby="key-problem" aria-invalid=${text ? 'true' : undefined} /></label>
          <p id="key-problem" class="error" role="status">${text}</p>
          <p><small>Kept by this tab until it is closed.</small></p>
          <div class="actions">
            ${key.get() && html`<button type="button" class="quiet destructive" onClick=${() => settle(null)}>Forget</button>`}
            <button type="button" class="secondary" onClick=${() => settle()}>Cancel</button>
            <button>Continue</button>
          </div>
        </form>
      </article>
    </dialog>`;
}

function App() {
  const route = useRoute();
  const [round, setRound] = useState(0);
  const current = view => (route.view === view ? 'page' : undefined);
  const skip = () => document.querySelector('h1')?.focus();
  return html`
    <header class="bar">
      <nav aria-label="Console">
        <button type="button" class="skip" onClick=${skip}>Skip to the content</button>
        <a class="brand" href="#/"><img src="console/icon.svg" alt="" width="24" height="24" /> backprop</a>
        <a href="#/" aria-current=${current('')}>Models</a>
        <a href="#/playground" aria-current=${current('playground')}>Playground</a>
        <a href="swagger-ui.html">API</a>
        <div class="end">
          <${Keys} onChange=${() => setRound(round + 1)} />
          <${Theme} />
        </div>
      </nav>
    </header>
    <${Connection} />
    <main class="container" data-model=${route.view === 'models' ? route.path[0] : undefined}>
      <${View} key=${route.view + round} route=${route} />
    </main>
    <${Drawer} />`;
}

render(html`<${App} />`, document.body);
