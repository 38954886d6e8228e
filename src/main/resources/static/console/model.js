// View Model: the heading and the tabs of a model. Each tab is a module of the same name.
import { html } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, modelHash, save, useAction, useLoad, useView } from './ui.js';

const TABS = ['network', 'train', 'search', 'try', 'judge', 'versions'];

export default function Model({ path: [id, wanted], query }) {
  const tab = TABS.includes(wanted) ? wanted : 'network';
  const { data, problem, reload } = useLoad(async signal => {
    const loading = import(`./${tab}.js`);
    const model = await call('GET', modelPath(id), { signal });
    const ready = model.version || ['network', 'train', 'search'].includes(tab);
    return { tab, model, View: ready ? (await loading).default : Untrained };
  }, [id, tab]);
  const model = data?.model.id === id ? data.model : null;
  const state = model?.version ? `${model.task ?? 'trained'} · version ${model.version}` : 'not trained yet';
  const [download, , refused] = useAction(async (format, name) => save(await call('GET', modelPath(id, format)), name));
  const file = (text, format, ending) => html`
    <button class="quiet" data-file=${format} onClick=${() => download(format, `${id}.${ending}`)}>${text}</button>`;
  return html`
    <hgroup>
      <h1 tabindex="-1" class="long" title=${id}>${id}</h1>
      <p>
        ${model && state}
        ${model?.version > 0 && [file('ONNX', 'onnx', 'onnx'), file('Archive', 'export', 'zip')]}
      </p>
    </hgroup>
    <nav class="tabs" aria-label="Model">
      ${TABS.map(each => html`
        <a href=${modelHash(id, each)} aria-current=${each === tab ? 'page' : null}>${each}</a>`)}
    </nav>
    <${Alert} problem=${problem ?? refused} />
    ${model && data.tab === tab && html`
      <${data.View} key=${location.hash} ...${{ model, query, tab, reload }} />`}`;
}

function Untrained({ model: { id }, tab }) {
  useView(tab, id);
  return html`<p class="empty"><a href=${modelHash(id, 'train')}>Train the model first</a></p>`;
}
