// Tab Try of a model: a form for one row whose prediction follows each movement, and a file to predict.
import { html, useEffect, useLayoutEffect, useRef, useState } from './vendor/htm-preact.js';
import { Bars, niceStep } from './charts.js';
import { call, modelPath } from './http.js';
import { Alert, Field, number, percent, useAction, useView } from './ui.js';

/** The features of a model, or inputs x1, x2 … with about the range of the numbers that it was trained on. */
function featuresOf({ features, inputs, scaling }) {
  return features ?? Array.from({ length: inputs }, (_, i) => {
    const { offset, factor } = scaling?.inputs?.[i] ?? { offset: 0, factor: 0.5 };
    return { name: `x${i + 1}`, required: true, minimum: offset - 2 * factor, median: offset, maximum: offset + 2 * factor };
  });
}

const isoDate = days => new Date(Math.round(days) * 86_400_000).toISOString().slice(0, 10);
const typical = ({ median, categories, dates }) =>
  categories ? categories[0] : dates ? isoDate(median) : Number(median.toPrecision(6));

export default function Try({ model, query: { version } }) {
  useView('try', model.id);
  const path = modelPath(model.id, 'predict');
  const features = featuresOf(model);
  const [row, setRow] = useState({ cells: features.map(typical), threshold: 0.5 });
  const { data, problem } = useLatest(({ cells, threshold }) => {
    const named = Object.fromEntries(features.map(({ name }, i) => [name, cells[i]]));
    const query = { version, threshold: threshold === 0.5 ? null : threshold };
    return call('POST', path, { query, body: model.features ? { rows: [named] } : { inputs: [cells] } });
  }, row, version);
  return html`<div class="split">
    <form id="try" aria-label="Features" onSubmit=${event => event.preventDefault()}>
      ${features.map((feature, i) => html`<${Feature} ...${feature} cell=${row.cells[i]} start=${typical(feature)}
        set=${cell => setRow(before => ({ ...before, cells: before.cells.with(i, cell) }))} />`)}
    </form>
    <article id="prediction" data-version=${data?.version}>
      <${Alert} problem=${problem} />
      ${data && html`<${Prediction} ...${data} target=${model.target ?? 'Prediction'} />`}
      ${(data?.labelSets || data?.classes?.length === 2) && html`<${Field} label="Threshold of the probability">
        <input id="threshold" type="number" min="0.01" max="0.99" step="0.01" value=${row.threshold} required
          onInput=${({ target }) => target.validity.valid && setRow({ ...row, threshold: Number(target.value) })} />
      <//>`}
    </article>
  </div>
  ${model.features && html`<${File} path=${path} version=${version} />`}`;
}

/** What a call gave for the latest values: one call at a time; values overtaken in the meantime are skipped. */
function useLatest(send, ...values) {
  const [state, setState] = useState({});
  const queue = useRef({}).current;
  useLayoutEffect(() => {
    queue.next = () => send(...values).then(data => ({ data }), problem => ({ problem }));
    const work = async () => {
      while (queue.next) {
        const next = queue.next;
        queue.next = null;
        setState(await next());
      }
      queue.working = null;
    };
    queue.working ??= work();
  }, values);
  return state;
}

function Feature({ name, required, minimum, maximum, dates, categories, cell, start, set }) {
  const isNumber = !dates && !categories;
  const entered = ({ target: { value, validity } }) =>
    validity.valid && set(value === '' ? null : isNumber ? Number(value) : value);
  const control = { 'aria-label': name, onInput: entered };
  return html`<div class="feature">
    <span class="long" title=${name} dir="auto">${name}</span>
    ${!required && html`<label><input type="checkbox" data-missing=${name} aria-label=${`${name} is missing`}
      checked=${cell == null} onInput=${event => set(event.target.checked ? null : start)} />missing</label>`}
    ${isNumber && html`<input ...${control} type="range" name=${name} min=${minimum} max=${maximum}
        step=${niceStep((maximum - minimum) / 200 || 1)} value=${cell ?? start} />
      <input ...${control} type="number" step="any" required=${required} value=${cell ?? ''} />`}
    ${dates && html`<input ...${control} type="date" name=${name} value=${cell ?? ''} />`}
    ${categories && html`<select ...${control} name=${name} value=${cell ?? ''}>
      ${categories.map(each => html`<option value=${each}>${each}</option>`)}</select>`}
  </div>`;
}

function Prediction({ target, version, predictions: [row], classes, labels, labelSets, warnings = [] }) {
  const chosen = labelSets?.[0] ?? labels ?? row.map(value => (typeof value === 'number' ? number(value, 6) : value));
  const bars = classes?.map((name, i) => ({ name, value: row[i], 'data-class': name, class: chosen.includes(name) && 'chosen' }));
  const text = chosen.join(', ') || 'none';
  return html`
    <small class="long" title=${target}>${target}, by version ${version}</small>
    <output class="long" title=${text} dir="auto">${text}</output>
    ${bars && html`<${Bars} label="Probabilities" items=${bars} to=${1} format=${percent} />`}
    ${warnings.map(warning => html`<p class="notice wrap">${warning}</p>`)}`;
}

/** A file to predict; the answer is a download. */
function File({ path, version }) {
  const [result, setResult] = useState(null);
  const [predict, running, problem] = useAction(async file => {
    let warnings;
    const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv' };
    const received = answered => (warnings = answered.get('Backprop-Warnings'));
    const blob = await call('POST', path, { query: { version }, body: file, headers, received });
    setResult({ name: file.name.replace(/(\.\w+)?$/, '-predictions.csv'), url: URL.createObjectURL(blob), warnings });
  });
  useEffect(() => () => result && URL.revokeObjectURL(result.url), [result]);
  return html`<section aria-busy=${running}>
    <h2>A file to predict</h2>
    <${Field} label="CSV with the columns above, in any order">
      <input id="predict-file" type="file" accept=".csv,.tsv,.txt" onChange=${event => predict(event.target.files[0])} />
    <//>
    <${Alert} problem=${problem} />
    ${result && html`<a id="predicted" href=${result.url} download=${result.name}>${result.name}</a>`}
    ${result?.warnings && JSON.parse(result.warnings).map(warning => html`<p class="notice wrap">${warning}</p>`)}
  </section>`;
}
