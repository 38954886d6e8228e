// View Model: the heading and the tabs of a model.
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, modelHash, useLoad, useView } from './ui.js';

const TABS = {
  network: ['Network', () => import('./network.js')],
  train: ['Train', () => import('./train.js')],
  try: ['Try', () => import('./try.js')],
  judge: ['Judge', () => import('./judge.js')],
  versions: ['Versions', () => import('./versions.js')],
};
const NEED_PARAMETERS = new Set(['try', 'judge', 'versions']);

export default function Model({ path: [id, tab = 'network'], query }) {
  const { data: model, problem, reload } = useLoad(signal => call('GET', modelPath(id), { signal }), [id]);
  const [loaded, setLoaded] = useState(null);
  useEffect(() => {
    TABS[tab]?.[1]().then(module => setLoaded({ tab, Content: module.default }));
  }, [tab]);
  const ready = model && loaded?.tab === tab;
  return html`
    <hgroup>
      <h1 tabindex="-1" class="long" title=${id}>${id}</h1>
      <p>${model && (model.version === 0 ? 'not trained yet' : [model.task, `version ${model.version}`].filter(Boolean).join(' · '))}</p>
    </hgroup>
    <nav class="tabs" aria-label="Model">
      ${Object.entries(TABS).map(([each, [name]]) => html`
        <a href=${modelHash(id, each)} aria-current=${each === tab ? 'page' : undefined}>${name}</a>`)}
    </nav>
    <${Alert} problem=${problem} />
    ${ready && (model.version === 0 && NEED_PARAMETERS.has(tab)
      ? html`<${Untrained} id=${id} tab=${tab} />`
      : html`<${loaded.Content} key=${id} model=${model} query=${query} reload=${reload} />`)}`;
}

function Untrained({ id, tab }) {
  useView(tab, id);
  return html`<p class="empty">Nothing here yet. <a href=${modelHash(id, 'train')}>Train the model first</a></p>`;
}
