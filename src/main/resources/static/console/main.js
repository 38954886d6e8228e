// The shell of the console: routes in the hash, theme, connection, dialog for a key. Its markup is in index.html.
import { html, render, useErrorBoundary } from './vendor/htm-preact.js';
import { Drawer } from './drawer.js';
import { connection, key } from './http.js';
import { Alert, theme } from './ui.js';

const VIEWS = {
  '': () => import('./start.js'),
  new: () => import('./new.js'),
  models: () => import('./model.js'),
  playground: () => import('./playground.js'),
};

const find = selector => document.querySelector(selector);
const main = find('main');
let shown = null;

function Boundary({ children }) {
  const [problem] = useErrorBoundary(console.error);
  return problem ? html`<${Alert} problem=${problem} />` : children;
}

/** Shows what the hash says: #/models/iris/try?version=2 is view models, path [iris, try], query {version: 2}. */
async function route() {
  const { hash } = location;
  const [path, query = ''] = hash.slice(2).split('?');
  const [view, ...rest] = path.split('/').map(decodeURIComponent);
  if (!Object.hasOwn(VIEWS, view) || (view === 'models' && !rest[0])) {
    location.replace('#/');
    return;
  }
  if (view !== shown) {
    render(null, main);
  }
  shown = view;
  delete main.dataset.model;
  if (view === 'models') {
    main.dataset.model = rest[0];
  }
  for (const link of document.querySelectorAll('.bar a:not(.brand)')) {
    link.ariaCurrent = link.getAttribute('href') === `#/${view}` ? 'page' : null;
  }
  const { default: View } = await VIEWS[view]();
  if (hash === location.hash) {
    const properties = { path: rest, query: Object.fromEntries(new URLSearchParams(query)) };
    render(html`<${Boundary} key=${view}><${View} ...${properties} /><//>`, main);
  }
}

const showRoute = () => route().catch(problem => render(html`<${Alert} problem=${problem} />`, main));

const dialog = find('dialog');
let asked = null;

function openDialog(problem) {
  find('#key-problem').textContent = problem?.status === 403 ? `The key is not sufficient: ${problem.message}`
    : problem && key.get() ? 'The service does not know this key.' : '';
  find('#key-forget').hidden = !key.get();
  find('#key-open').hidden = false;
  if (!dialog.open) {
    dialog.showModal();
  }
}

key.ask = problem => { // calls that are refused at the same time wait for the same answer
  openDialog(problem);
  asked ??= Promise.withResolvers();
  return asked.promise;
};

function change(value) {
  key.set(value);
  dialog.close('changed');
}

dialog.onclose = () => {
  const changed = dialog.returnValue === 'changed';
  dialog.returnValue = '';
  find('#key').value = '';
  asked?.resolve(changed && key.get() != null);
  if (changed && !asked) {
    shown = null;
    showRoute();
  }
  asked = null;
};
find('#key-form').onsubmit = event => {
  event.preventDefault();
  change(find('#key').value.trim());
};
find('#key-forget').onclick = () => change(null);
find('#key-cancel').onclick = () => dialog.close();
find('#key-open').onclick = () => openDialog();
find('#key-open').hidden = !key.get();

find('#theme').value = localStorage.getItem('backprop.theme') ?? '';
find('#theme').onchange = event => {
  localStorage.setItem('backprop.theme', event.target.value);
  applyTheme();
  theme.changed();
};

connection.listeners.add(() => {
  find('#state').dataset.state = connection.online ? 'online' : 'offline';
  find('#state').textContent = connection.online ? '' : 'The service does not answer. This page tries again.';
});

find('#skip').onclick = () => find('h1')?.focus();
addEventListener('hashchange', showRoute);
render(html`<${Drawer} />`, find('aside'));
showRoute();
