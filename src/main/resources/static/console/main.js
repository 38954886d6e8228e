// The shell of the console: routes in the hash, navigation, theme, the dialog for a key, and the HTTP drawer.
import { html, render, useEffect, useErrorBoundary, useRef, useState } from './vendor/htm-preact.js';
import { Drawer } from './drawer.js';
import { key } from './http.js';
import { Alert } from './ui.js';

const VIEWS = {
  '': () => import('./start.js'),
  new: () => import('./new.js'),
  models: () => import('./model.js'),
  playground: () => import('./playground.js'),
};

/** "#/models/iris/try?version=2" → {view: 'models', path: ['iris', 'try'], query: {version: '2'}} */
function parseHash() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [view, ...rest] = path.split('/').map(decodeURIComponent);
  return { view, path: rest, query: Object.fromEntries(new URLSearchParams(query)) };
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
  const [module, setModule] = useState(null);
  const [problem, reset] = useErrorBoundary(console.error);
  useEffect(() => {
    reset();
    (VIEWS[route.view] ?? VIEWS[''])().then(loaded => setModule({ view: route.view, Content: loaded.default }));
  }, [route.view]);
  if (problem) {
    return html`<${Alert} problem=${problem} />`;
  }
  return module?.view === route.view ? html`<${module.Content} ...${route} />` : null;
}

const THEMES = { auto: 'Automatic', light: 'Light', dark: 'Dark' };

function Theme() {
  const [theme, setTheme] = useState(localStorage.getItem('backprop.theme') ?? 'auto');
  useEffect(() => {
    localStorage.setItem('backprop.theme', theme);
    if (theme === 'auto') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme;
    }
  }, [theme]);
  return html`<select class="theme" aria-label="Theme" value=${theme} onChange=${event => setTheme(event.target.value)}>
    ${Object.entries(THEMES).map(([value, name]) => html`<option value=${value}>${name}</option>`)}
  </select>`;
}

/** Asks for a key where the service needs one. Calls that are refused at the same time wait for the same answer. */
function KeyDialog() {
  const dialog = useRef(null);
  const [asking, setAsking] = useState(null);
  useEffect(() => {
    let answer = null;
    key.ask = problem => {
      answer ??= new Promise(resolve => setAsking({ problem, resolve })).finally(() => (answer = null));
      return answer;
    };
  }, []);
  useEffect(() => {
    if (asking && !dialog.current.open) {
      dialog.current.showModal();
    }
  }, [asking]);
  const settle = value => {
    dialog.current.close();
    key.set(value);
    asking.resolve(Boolean(value));
    setAsking(null);
  };
  const submit = event => {
    event.preventDefault();
    settle(new FormData(event.target).get('key').trim());
  };
  return html`<dialog ref=${dialog} aria-labelledby="key-title" onCancel=${() => settle(null)}>
    <article>
      <h2 id="key-title">A key, please</h2>
      <p>${key.get() ? 'This key is not known.' : 'This service requires a key.'} It is kept until this tab is closed.</p>
      <form onSubmit=${submit}>
        <label>Key <input id="key" name="key" type="password" autocomplete="off" required /></label>
        <footer>
          <button type="button" class="secondary" onClick=${() => settle(null)}>Cancel</button>
          <button>Continue</button>
        </footer>
      </form>
    </article>
  </dialog>`;
}

function App() {
  const route = useRoute();
  const current = view => (route.view === view ? 'page' : undefined);
  useEffect(() => document.querySelector('h1')?.focus(), [route.view, route.path.join('/')]);
  return html`
    <header class="bar">
      <nav aria-label="Console">
        <a class="brand" href="#/"><img src="console/icon.svg" alt="" width="24" height="24" /> backprop</a>
        <a href="#/" aria-current=${current('')}>Models</a>
        <a href="#/playground" aria-current=${current('playground')}>Playground</a>
        <a href="swagger-ui.html">API</a>
        <${Theme} />
      </nav>
    </header>
    <main class="container"><${View} route=${route} /></main>
    <${Drawer} />
    <${KeyDialog} />`;
}

render(html`<${App} />`, document.body);
