// Tab Try of a model: a form for one row whose prediction follows each movement, and a file to predict.
import { html, useEffect, useLayoutEffect, useRef, useState } from './vendor/htm-preact.js';
import { Bars, niceStep } from './charts.js';
import { call, modelPath } from './http.js';
import { Alert, Field, FileField, number, percent, useAction, useView, Warnings } from './ui.js';

/** The features of a model, or inputs x1, x2 … with about the range of the numbers of its training. */
function featuresOf({ features, inputs, scaling }) {
  return features ?? Array.from({ length: inputs }, (_, i) => {
    const { offset, factor } = scaling?.inputs?.[i] ?? { offset: 0, factor: 0.5 };
    const [minimum, median, maximum] = [-2, 0, 2].map(each => offset + each * factor);
    return { name: `x${i + 1}`, required: true, minimum, median, maximum };
  });
}

const isoDate = days => new Date(Math.round(days) * 86_400_000).toISOString().slice(0, 10);
const typical = ({ median, categories, dates }) =>
  categories ? categories[0] : dates ? isoDate(median) : Number(median.toPrecision(6));

export default function Try({ model, query: { version } }) {
  useView('try', model.id);
  const path = modelPath(model.id, 'predict');
  const features = featuresOf(model);
  const [cells, setCells] = useState(features.map(typical));
  const [threshold, setThreshold] = useState(0.5);
  const { data, problem } = useLatest(() => {
    const named = Object.fromEntries(features.map(({ name }, i) => [name, cells[i]]));
    const query = { version, threshold: threshold === 0.5 ? null : threshold };
    return call('POST', path, { query, body: model.features ? { rows: [named] } : { inputs: [cells] } });
  }, [cells, threshold, version]);
  return html`<div class="split">
      <form id="try" aria-label="Features" onSubmit=${event => event.preventDefault()}>
        ${features.map((feature, i) => html`<${Feature} ...${feature} cell=${cells[i]}
          set=${cell => setCells(before => before.with(i, cell))} />`)}
      </form>
      <article id="prediction" data-version=${data?.version}>
        <${Alert} problem=${problem} />
        ${data && html`<${Prediction} ...${data} target=${model.target ?? 'Prediction'} />`}
        ${(data?.labelSets || data?.classes?.length === 2) && html`
          <${Field} label="Threshold of the probability">
            <input id="threshold" type="number" min="0.01" max="0.99" step="0.01" value=${threshold} required
              onInput=${({ target }) => target.validity.valid && setThreshold(Number(target.value))} />
          <//>`}
      </article>
    </div>
    ${model.features && html`<${Rows} path=${path} version=${version} />`}`;
}

/** What the latest call gave: one call at a time; calls overtaken in the meantime are skipped. */
function useLatest(send, dependencies) {
  const [state, setState] = useState({});
  const queue = useRef({}).current;
  useLayoutEffect(() => {
    queue.next = send;
    const work = async () => {
      while (queue.next) {
        const next = queue.next;
        queue.next = null;
        setState(await next().then(data => ({ data }), problem => ({ problem })));
      }
      queue.working = null;
    };
    queue.working ??= work();
  }, dependencies);
  return state;
}

function Feature({ cell, set, ...feature }) {
  const { name, required, minimum, maximum, dates, categories } = feature;
  const start = typical(feature);
  const isNumber = !dates && !categories;
  const onInput = ({ target: { value, validity } }) =>
    validity.valid && set(value === '' ? null : isNumber ? Number(value) : value);
  const control = { 'aria-label': name, value: cell ?? '', onInput };
  return html`<div class="feature">
    <span class="long" title=${name} dir="auto">${name}</span>
    ${!required && html`<label><input type="checkbox" data-missing=${name} aria-label=${`${name} is missing`}
      checked=${cell == null} onInput=${event => set(event.target.checked ? null : start)} />missing</label>`}
    ${isNumber && html`
      <input type="range" name=${name} min=${minimum} max=${maximum}
        step=${niceStep((maximum - minimum) / 200 || 1)} ...${control} value=${cell ?? start} />
      <input type="number" step="any" required=${required} ...${control} />`}
    ${dates && html`<input type="date" name=${name} ...${control} />`}
    ${categories && html`<select name=${name} ...${control}>
      ${categories.map(each => html`<option value=${each}>${each}</option>`)}</select>`}
  </div>`;
}

function Prediction({ target, version, predictions: [row], classes, labels, labelSets, warnings }) {
  const numbers = () => row.map(value => (typeof value === 'number' ? number(value, 6) : value));
  const chosen = labelSets?.[0] ?? labels ?? numbers();
  const text = chosen.join(', ') || 'none';
  return html`
    <small class="long" title=${target}>${target}, by version ${version}</small>
    <output class="long" title=${text} dir="auto">${text}</output>
    ${classes && html`<${Bars} label="Probabilities" to=${1} format=${percent}
      items=${classes.map((name, i) =>
        ({ name, value: row[i], 'data-class': name, class: chosen.includes(name) && 'chosen' }))} />`}
    <${Warnings} texts=${warnings} />`;
}

/** A file to predict; the answer is a download. */
function Rows({ path, version }) {
  const [result, setResult] = useState({});
  const [predict, running, problem] = useAction(async file => {
    let warnings = null;
    const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv' };
    const received = answered => (warnings = answered.get('Backprop-Warnings'));
    const blob = await call('POST', path, { query: { version }, body: file, headers, received });
    const name = file.name.replace(/(\.\w+)?$/, '-predictions.csv');
    setResult({ name, url: URL.createObjectURL(blob), warnings: JSON.parse(warnings ?? '[]') });
  });
  useEffect(() => () => URL.revokeObjectURL(result.url), [result.url]);
  return html`<section aria-busy=${running}>
    <h2>A file to predict</h2>
    <${FileField} id="predict-file" label="CSV with the columns above, in any order" onFile=${predict} />
    <${Alert} problem=${problem} />
    ${result.url && html`<a id="predicted" href=${result.url} download=${result.name}>${result.name}</a>`}
    <${Warnings} texts=${result.warnings} />
  </section>`;
}
