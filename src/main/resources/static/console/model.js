// View Model: the heading and the tabs of a model.
import { html } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, modelHash, useLoad, useView } from './ui.js';

const TABS = {
  network: ['Network', () => import('./network.js')],
  train: ['Train', () => import('./train.js')],
  try: ['Try', () => import('./try.js')],
  judge: ['Judge', () => import('./judge.js')],
  versions: ['Versions', () => import('./versions.js')],
};
const NEED_PARAMETERS = ['try', 'judge', 'versions'];

export default function Model({ path: [id, name], query }) {
  const tab = Object.hasOwn(TABS, name) ? name : 'network';
  const { data, problem, reload } = useLoad(async signal => {
    const [model, module] = await Promise.all([call('GET', modelPath(id), { signal }), TABS[tab][1]()]);
    return { tab, model, View: !model.version && NEED_PARAMETERS.includes(tab) ? Untrained : module.default };
  }, [id, tab]);
  const model = data?.model.id === id ? data.model : null;
  return html`
    <hgroup>
      <h1 tabindex="-1" class="long" title=${id}>${id}</h1>
      <p>${model && (model.version ? `${model.task ?? 'trained'} · version ${model.version}` : 'not trained yet')}</p>
    </hgroup>
    <nav class="tabs" aria-label="Model">
      ${Object.entries(TABS).map(([each, [title]]) => html`
        <a href=${modelHash(id, each)} aria-current=${each === tab ? 'page' : null}>${title}</a>`)}
    </nav>
    <${Alert} problem=${problem} />
    ${model && data.tab === tab && html`<${data.View} key=${id} ...${{ model, query, tab, reload }} />`}`;
}

function Untrained({ model: { id }, tab }) {
  useView(tab, id);
  return html`<p class="empty">Nothing here yet. <a href=${modelHash(id, 'train')}>Train the model first</a></p>`;
}
