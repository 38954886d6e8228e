// Tab Versions of a model: its versions, two of them compared, and how to return to one.
import { html, useState } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, date, modelHash, Table, useAction, useLoad, useView } from './ui.js';

export default function Versions({ model, reload }) {
  const path = modelPath(model.id);
  const { data: versions = [], loading, problem } = useLoad(async signal => {
    const { trainings } = await call('GET', `${path}/trainings`, { signal });
    const { versions: all } = await call('GET', `${path}/versions`, { signal });
    return all.map(each => ({ ...trainings.find(({ version }) => version === each.version), ...each }));
  }, [model.version]);
  const [chosen, setChosen] = useState([]);
  const choose = ({ target: { checked, value } }) =>
    setChosen([Number(value), ...chosen.filter(each => each !== Number(value))].slice(checked ? 0 : 1, 2));
  const [restore, , refused] = useAction(async version => {
    if (confirm(`Publish version ${version} again, as version ${model.version + 1}?`)) {
      await call('POST', `${path}/versions/${version}/restore`);
      reload();
    }
  });
  useView('versions', model.id, !loading);
  const metric = Object.keys(model.trainingMetrics ?? {})[0];
  const row = ({ version, trainedAt, epochs, trainingMetrics, validationMetrics }) => [
    version, date(trainedAt), epochs, trainingMetrics?.[metric], validationMetrics?.[metric],
    html`<a href=${`${modelHash(model.id)}?version=${version}`}>Try</a>`,
    html`<input type="checkbox" data-compare=${version} value=${version} checked=${chosen.includes(version)}
      aria-label=${`Compare version ${version}`} onChange=${choose} />`,
    version < model.version && html`<button type="button" class="quiet" data-restore=${version}
      onClick=${() => restore(version)}>Restore</button>`,
  ];
  return html`
    <${Alert} problem=${problem ?? refused} />
    <section>
      <${Table} id="versions" label="Versions" rows=${versions.map(row)}
        head=${['version', 'trained', 'epochs', `training ${metric}`, `validation ${metric}`,
          'try', 'compare', 'restore']}
        attributes=${i => ({ 'data-version': versions[i].version })} />
    </section>
    ${chosen.length === 2 && html`
      <${Comparison} versions=${versions.filter(({ version }) => chosen.includes(version))} />`}`;
}

function Comparison({ versions }) {
  const named = (kind, values) => Object.entries(values ?? {}).map(([name, value]) =>
    [`${kind} ${name}`, typeof value === 'number' ? value : JSON.stringify(value)]);
  const [left, right] = versions.map(({ trainingMetrics, validationMetrics, settings }) => Object.fromEntries([
    ...named('training', trainingMetrics),
    ...named('validation', validationMetrics),
    ...named('setting', settings),
  ]));
  return html`<section>
    <h2>Compared</h2>
    <${Table} label="Compared"
      head=${['value', ...versions.map(({ version }) => `version ${version}`), 'difference']}
      rows=${Object.keys({ ...left, ...right }).map(name =>
        [name, left[name], right[name], left[name] === right[name] ? '' : '≠'])} />
  </section>`;
}
