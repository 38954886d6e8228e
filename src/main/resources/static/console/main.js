// The shell of the console, of which index.html has the markup: routes in the hash, theme, dialog for a key.
import { html, render } from './vendor/htm-preact.js';
import { Drawer } from './drawer.js';
import { connection, key } from './http.js';
import { Alert, theme } from './ui.js';

const VIEWS = { '': 'start', new: 'new', models: 'model', playground: 'playground' };

const find = selector => document.querySelector(selector);
const main = find('main');
let shown = null;

/** Shows the view of the hash: #/models/iris/try?version=2 has path [iris, try] and query {version: 2}. */
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
  for (const link of document.querySelectorAll('.bar a:not(.brand)')) {
    link.ariaCurrent = link.getAttribute('href') === `#/${view}` ? 'page' : null;
  }
  const { default: View } = await import(`./${VIEWS[view]}.js`);
  if (hash === location.hash) {
    render(html`<${View} path=${rest} query=${Object.fromEntries(new URLSearchParams(query))} />`, main);
  }
}

const showRoute = () => route().catch(problem => render(html`<${Alert} problem=${problem} />`, main));

const dialog = find('dialog');
let answer = null; // for the calls that wait for a key

function openDialog(problem) {
  find('#key-problem').textContent = problem?.status === 403 ? `The key is not sufficient: ${problem.message}`
    : problem && key.get() ? 'The service does not know this key.' : '';
  find('#key-forget').hidden = !key.get();
  find('#key-open').hidden = false;
  dialog.returnValue = '';
  dialog.open || dialog.showModal();
}

key.ask = problem => {
  openDialog(problem);
  answer ??= Promise.withResolvers();
  return answer.promise;
};

dialog.onclose = () => {
  const { returnValue: action } = dialog; // empty after Escape
  const waiting = answer;
  answer = null;
  if (action) {
    key.set(action === 'continue' ? find('#key').value.trim() : null);
  }
  find('#key').value = '';
  if (waiting) {
    waiting.resolve(action === 'continue');
  } else if (action) {
    shown = null;
    showRoute();
  }
};
find('#key-forget').onclick = () => dialog.close('forget');
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
