// Tab Versions of a model: its versions, two of them compared, and how to return to one.
import { html, useState } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, date, modelHash, number, Table, useAction, useLoad, useView } from './ui.js';

/** What can be compared: the numbers of a version, its metrics, and the settings of its training. */
const factsOf = ({ epochs, trainedAt, trainingMetrics, validationMetrics, settings }) => ({
  trained: date(trainedAt),
  epochs,
  ...named('training', trainingMetrics),
  ...named('validation', validationMetrics),
  ...named('setting', settings),
});

const named = (kind, values) => Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) =>
  [`${kind} ${name.replaceAll('_', ' ')}`, typeof value === 'object' ? JSON.stringify(value) : value]));

export default function Versions({ model, reload }) {
  const load = async signal => {
    const { versions } = await call('GET', modelPath(model.id, 'versions'), { signal });
    const { trainings } = await call('GET', modelPath(model.id, 'trainings'), { signal });
    return versions.map(each => ({ ...each, settings: trainings.find(({ version }) => version === each.version)?.settings }));
  };
  const { data, problem } = useLoad(load, [model.version]);
  const [chosen, setChosen] = useState([]);
  const [asked, setAsked] = useState(null);
  const [restore, restoring, refused] = useAction(async version => {
    await call('POST', modelPath(model.id, 'versions', version, 'restore'));
    setAsked(null);
    reload();
  });
  useView('versions', model.id, Boolean(data || problem));
  const versions = data ?? [];
  const metric = Object.keys(versions[0]?.validationMetrics ?? versions[0]?.trainingMetrics ?? {})[0];
  const compared = versions.filter(({ version }) => chosen.includes(version));
  return html`
    <${Alert} problem=${problem ?? refused} />
    ${data?.length === 0 && html`<p class="empty">No version yet. <a href=${modelHash(model.id, 'train')}>Train the model</a></p>`}
    ${versions.length > 0 && html`<div class="scroll" role="region" aria-label="Versions" tabindex="0"><table id="versions">
      <thead><tr>${['Version', 'Trained', 'Epochs', `Training ${metric}`, `Validation ${metric}`, 'Compare', ''].map(name =>
        html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${versions.map(({ version, epochs, trainedAt, ...each }, i) => html`<tr data-version=${version}>
        <th scope="row"><a href=${`${modelHash(model.id)}?version=${version}`}>${version}</a></th>
        <td>${date(trainedAt)}</td>
        <td>${number(epochs)}</td>
        <td>${number(each.trainingMetrics?.[metric])}</td>
        <td>${number(each.validationMetrics?.[metric])}</td>
        <td><input type="checkbox" data-compare=${version} aria-label=${`Compare version ${version}`} checked=${chosen.includes(version)}
          onChange=${event => setChosen(event.target.checked ? [...chosen, version].slice(-2) : chosen.filter(one => one !== version))} /></td>
        <td>${i > 0 && html`<button type="button" class="quiet" data-restore=${version} disabled=${restoring}
          onClick=${() => (asked === version ? restore(version) : setAsked(version))}>
          ${asked === version ? `Publish as version ${versions[0].version + 1}?` : 'Restore'}</button>`}</td>
      </tr>`)}</tbody>
    </table></div>`}
    ${compared.length === 2 && html`<${Comparison} versions=${compared} />`}`;
}

function Comparison({ versions }) {
  const [left, right] = versions.map(factsOf);
  const names = Object.keys({ ...left, ...right });
  return html`<section id="comparison"><h2>Compared</h2>
    <${Table} label="Compared" head=${['', ...versions.map(({ version }) => `version ${version}`), '']} rows=${names.map(name =>
      [name, left[name], right[name], left[name] === right[name] ? '' : '≠ differs'])} /></section>`;
}
