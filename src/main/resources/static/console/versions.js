// Tab Versions of a model: its versions with their metrics, some of them compared, and how to return to one.
import { html, useState } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, date, modelHash, Table, useAction, useLoad, useView } from './ui.js';

const PARTS = ['validation', 'training'];

export default function Versions({ model, reload }) {
  const path = modelPath(model.id, 'versions');
  const { data, problem } = useLoad(signal => call('GET', path, { signal }), [model.version]);
  const [chosen, setChosen] = useState({});
  const [restore, , refused] = useAction(async version => {
    if (confirm(`Publish version ${version} again, as version ${model.version + 1}?`)) {
      await call('POST', `${path}/${version}/restore`);
      reload();
    }
  });
  useView('versions', model.id, Boolean(data ?? problem));
  const versions = data?.versions ?? [];
  const compared = versions.filter(({ version }) => chosen[version]);
  const toggle = version => setChosen({ ...chosen, [version]: !chosen[version] });
  const metrics = Object.keys(model.trainingMetrics ?? {});
  const valueOf = (each, part, metric) => each[`${part}Metrics`]?.[metric];
  const row = each => [
    each.version, date(each.trainedAt), each.epochs, ...PARTS.map(part => valueOf(each, part, metrics[0])),
    html`<a href="${modelHash(model.id)}?version=${each.version}">Try</a>`,
    html`<input type="checkbox" data-compare=${each.version} aria-label="Compare version ${each.version}"
      checked=${chosen[each.version]} onChange=${() => toggle(each.version)} />`,
    each.version < model.version && html`<button class="quiet" data-restore=${each.version}
      onClick=${() => restore(each.version)}>Restore</button>`,
  ];
  return html`
    <${Alert} problem=${problem ?? refused} />
    <section>
      <${Table} id="versions" label="Versions" rows=${versions.map(row)}
        head=${['version', 'trained', 'epochs', ...PARTS.map(part => `${part} ${metrics[0]}`),
          'try', 'compare', 'restore']}
        attributes=${i => ({ 'data-version': versions[i].version })} />
    </section>
    ${compared.length > 1 && html`<section>
      <h2>Compared</h2>
      <${Table} label="Compared" head=${['metric', ...compared.map(({ version }) => `version ${version}`)]}
        rows=${PARTS.flatMap(part => metrics.map(metric =>
          [`${part} ${metric}`, ...compared.map(each => valueOf(each, part, metric))]))} />
    </section>`}`;
}
