// Tab Versions of a model: its versions, two of them compared, and how to return to one.
import { html, useState } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, date, modelHash, number, Table, useAction, useLoad, useView } from './ui.js';

const COLUMNS = ['Version', 'Trained', 'Epochs', 'Training', 'Validation', 'Compare', ''];

export default function Versions({ model, reload }) {
  const path = modelPath(model.id);
  const { data: versions = [], loading, problem } = useLoad(async signal => {
    const { trainings } = await call('GET', `${path}/trainings`, { signal });
    const settings = version => trainings.find(training => training.version === version)?.settings;
    const list = await call('GET', `${path}/versions`, { signal });
    return list.versions.map(each => ({ ...each, settings: settings(each.version) }));
  }, [model.version]);
  const [chosen, setChosen] = useState([]);
  const [asked, setAsked] = useState(null);
  const [restore, restoring, refused] = useAction(async version => {
    await call('POST', `${path}/versions/${version}/restore`);
    setAsked(null);
    reload();
  });
  useView('versions', model.id, !loading);
  const choose = version => setChosen(chosen.includes(version) ? chosen.filter(each => each !== version) : [version, ...chosen].slice(0, 2));
  const metric = Object.keys(versions[0]?.trainingMetrics ?? {})[0];
  return html`
    <${Alert} problem=${problem ?? refused} />
    <div class="scroll" role="region" aria-label="Versions" tabindex="0"><table id="versions">
      <thead><tr>${COLUMNS.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${versions.map(({ version, epochs, trainedAt, trainingMetrics, validationMetrics }, i) => html`<tr data-version=${version}>
        <th scope="row"><a href=${`${modelHash(model.id)}?version=${version}`}>Try ${version}</a></th>
        <td>${date(trainedAt)}</td>
        <td>${number(epochs)}</td>
        <td>${number(trainingMetrics?.[metric])}</td>
        <td>${number(validationMetrics?.[metric])}</td>
        <td><input type="checkbox" data-compare=${version} aria-label=${`Compare version ${version}`}
          checked=${chosen.includes(version)} onChange=${() => choose(version)} /></td>
        <td>${i > 0 && html`<button type="button" class="quiet" data-restore=${version} disabled=${restoring}
          onClick=${() => (asked === version ? restore(version) : setAsked(version))}>
          ${asked === version ? `Publish again as ${model.version + 1}?` : 'Restore'}</button>`}</td>
      </tr>`)}</tbody>
    </table></div>
    ${chosen.length === 2 && html`<${Comparison} versions=${versions.filter(({ version }) => chosen.includes(version))} />`}`;
}

function Comparison({ versions }) {
  const named = (kind, values) => Object.entries(values ?? {}).map(([name, value]) =>
    [`${kind} ${name.replaceAll('_', ' ')}`, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  const [left, right] = versions.map(({ trainingMetrics, validationMetrics, settings }) => Object.fromEntries(
    [...named('training', trainingMetrics), ...named('validation', validationMetrics), ...named('setting', settings)]));
  return html`<section id="comparison">
    <h2>Compared</h2>
    <${Table} label="Compared" head=${['', ...versions.map(({ version }) => `version ${version}`), '']}
      rows=${Object.keys({ ...left, ...right }).map(name =>
        [name, left[name], right[name], left[name] === right[name] ? '' : '≠ differs'])} />
  </section>`;
}
