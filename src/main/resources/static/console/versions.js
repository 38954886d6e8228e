// Tab Versions of a model: its versions, two of them compared, and how to return to one.
import { html, useState } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, date, modelHash, number, Table, useAction, useLoad, useView } from './ui.js';

const COLUMNS = ['Version', 'Trained', 'Epochs', 'Training', 'Validation', 'Compare', 'Restore'];

export default function Versions({ model, reload }) {
  const path = modelPath(model.id);
  const { data: versions = [], loading, problem } = useLoad(async signal => {
    const { trainings } = await call('GET', `${path}/trainings`, { signal });
    const settings = version => trainings.find(training => training.version === version)?.settings;
    const list = await call('GET', `${path}/versions`, { signal });
    return list.versions.map(each => ({ ...each, settings: settings(each.version) }));
  }, [model.version]);
  const [chosen, setChosen] = useState([]);
  const [restore, restoring, refused] = useAction(async version => {
    if (confirm(`Publish version ${version} again, as version ${model.version + 1}?`)) {
      await call('POST', `${path}/versions/${version}/restore`);
      reload();
    }
  });
  useView('versions', model.id, !loading);
  const choose = (version, add) => setChosen([version, ...chosen.filter(each => each !== version)].slice(add ? 0 : 1, 2));
  const metric = Object.keys(versions[0]?.trainingMetrics ?? {})[0];
  return html`
    <${Alert} problem=${problem ?? refused} />
    <section class="scroll" aria-label="Versions" tabindex="0"><table id="versions">
      <thead><tr>${COLUMNS.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${versions.map(({ version, epochs, trainedAt, trainingMetrics, validationMetrics }, i) => html`<tr data-version=${version}>
        <th scope="row"><a href=${`${modelHash(model.id)}?version=${version}`}>Try ${version}</a></th>
        <td>${date(trainedAt)}</td>
        <td>${number(epochs)}</td>
        <td>${number(trainingMetrics?.[metric])}</td>
        <td>${number(validationMetrics?.[metric])}</td>
        <td><input type="checkbox" data-compare=${version} aria-label=${`Compare version ${version}`}
          checked=${chosen.includes(version)} onChange=${event => choose(version, event.target.checked)} /></td>
        <td>${i > 0 && html`<button type="button" class="quiet" data-restore=${version} disabled=${restoring}
          onClick=${() => restore(version)}>Restore</button>`}</td>
      </tr>`)}</tbody>
    </table></section>
    ${chosen.length === 2 && html`<${Comparison} versions=${versions.filter(({ version }) => chosen.includes(version))} />`}`;
}

function Comparison({ versions }) {
  const named = (kind, values) => Object.entries(values ?? {}).map(([name, value]) =>
    [`${kind} ${name.replaceAll('_', ' ')}`, typeof value === 'number' ? value : JSON.stringify(value)]);
  const [left, right] = versions.map(({ trainingMetrics, validationMetrics, settings }) => Object.fromEntries(
    [...named('training', trainingMetrics), ...named('validation', validationMetrics), ...named('setting', settings)]));
  return html`<section id="comparison">
    <h2>Compared</h2>
    <${Table} label="Compared" head=${['value', ...versions.map(({ version }) => `version ${version}`), 'difference']}
      rows=${Object.keys({ ...left, ...right }).map(name =>
        [name, left[name], right[name], left[name] === right[name] ? '' : '≠'])} />
  </section>`;
}
