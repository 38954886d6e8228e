// Tab Try of a model: a form for one row whose prediction follows each movement, and a file to predict.
import { html, useEffect, useLayoutEffect, useRef, useState } from './vendor/htm-preact.js';
import { Bars, niceStep } from './charts.js';
import { curl } from './drawer.js';
import { call, calls, modelPath } from './http.js';
import { Alert, Field, modelHash, number, percent, useAction, useLoad, useView } from './ui.js';

const MOST_BARS = 12;

export default function Try({ model: current, query: { version } }) {
  const path = modelPath(current.id);
  const load = async signal => (version ? call('GET', path, { query: { version }, signal }) : current);
  const { data: model, problem } = useLoad(load, [current, version]);
  useView('try', current.id, Boolean(model || problem));
  return html`
    ${version && html`<p>Version ${version}. <a href=${modelHash(current.id)}>Try the current one</a></p>`}
    <${Alert} problem=${problem} />
    ${model && html`<${Row} key=${model.version} model=${model} path=${`${path}/predict`} version=${version} />`}
    ${model?.features && html`<${Rows} path=${`${path}/predict`} version=${version} />`}`;
}

/** The features of a model, or inputs x1, x2 … with about the range of the numbers that it was trained on. */
function featuresOf({ features, inputs, scaling }) {
  return features ?? Array.from({ length: inputs }, (_, i) => {
    const { offset, factor } = scaling?.inputs?.[i] ?? { offset: 0, factor: 0.5 };
    return { name: `x${i + 1}`, minimum: offset - 2 * factor, median: offset, maximum: offset + 2 * factor };
  });
}

const isoDate = days => new Date(Math.round(days) * 86_400_000).toISOString().slice(0, 10);
const typical = ({ median, categories, dates }) =>
  categories ? categories[0] : dates ? isoDate(median) : Number(median.toPrecision(6));

function Row({ model, path, version }) {
  const features = featuresOf(model);
  const [row, setRow] = useState({ cells: features.map(typical), threshold: 0.5 });
  const { data, problem } = useLatest(({ cells, threshold }) => {
    const table = () => ({ rows: [Object.fromEntries(features.map(({ name }, i) => [name, cells[i]]))] });
    const query = { version, threshold: threshold === 0.5 ? null : threshold };
    return call('POST', path, { query, body: model.features ? table() : { inputs: [cells] } });
  }, row);
  const sent = data && calls.list.findLast(each => each.path.startsWith(`/${path}`));
  return html`<div class="split">
    <form id="try" aria-label="Features" onSubmit=${event => event.preventDefault()}>
      ${features.map((feature, i) => html`<${Feature} ...${feature} cell=${row.cells[i]} start=${typical(feature)}
        required=${!model.features} set=${cell => setRow(before => ({ ...before, cells: before.cells.with(i, cell) }))} />`)}
    </form>
    <article id="prediction" data-version=${data?.version}>
      <${Alert} problem=${problem} />
      ${data && html`<${Prediction} ...${data} target=${model.target} />`}
      ${(data?.labelSets || data?.classes?.length === 2) && html`<${Field} label="Probability from which a class is chosen">
        <input id="threshold" type="number" min="0.01" max="0.99" step="0.01" value=${row.threshold} required onInput=${event =>
          event.target.validity.valid && setRow({ ...row, threshold: event.target.valueAsNumber })} />
      <//>`}
      ${data?.warnings?.map(warning => html`<p class="notice wrap">${warning}</p>`)}
      ${sent && html`<details><summary>As curl</summary><pre id="try-curl" tabindex="0">${curl(sent)}</pre></details>`}
    </article>
  </div>`;
}

/** What a call gave for the latest value: one call at a time; values overtaken in the meantime are skipped. */
function useLatest(send, value) {
  const [state, setState] = useState({});
  const queue = useRef({}).current;
  useLayoutEffect(() => {
    queue.next = () => send(value).then(data => ({ data }), problem => ({ problem }));
    const work = async () => {
      while (queue.next) {
        const next = queue.next;
        queue.next = null;
        setState(await next());
      }
      queue.working = null;
    };
    queue.working ??= work();
  }, [value]);
  return state;
}

function Feature({ name, minimum, maximum, dates, categories, cell, start, required, set }) {
  const isNumber = !dates && !categories;
  const entered = ({ target: { value, validity } }) =>
    validity.valid && set(value === '' ? null : isNumber ? Number(value) : value);
  return html`<div class="feature">
    <span class="long" title=${name} dir="auto">${name}</span>
    ${!required && html`<label><input type="checkbox" data-missing=${name} aria-label=${`${name} is missing`}
      checked=${cell == null} onInput=${event => set(event.target.checked ? null : start)} />missing</label>`}
    ${isNumber && html`<input type="range" name=${name} aria-label=${name} min=${minimum} max=${maximum}
      step=${niceStep((maximum - minimum) / 200 || 1)} value=${cell ?? start} onInput=${entered} />`}
    ${categories
      ? html`<select name=${name} aria-label=${name} value=${cell} onInput=${entered}>
          ${categories.map(each => html`<option>${each}</option>`)}</select>`
      : html`<input type=${dates ? 'date' : 'number'} name=${dates ? name : ''} aria-label=${name} required=${required}
          step=${dates ? 1 : 'any'} value=${cell ?? ''} onInput=${entered} />`}
  </div>`;
}

function Prediction({ target, predictions: [row], classes, labels, labelSets }) {
  const large = (name, text) => html`<small class="long" title=${name}>${name}</small>
    <output class="long" title=${text} dir="auto">${text}</output>`;
  if (!classes) {
    return row.map((value, i) => large(target ?? `Output ${i + 1}`, typeof value === 'string' ? value : number(value, 6)));
  }
  const chosen = labelSets?.[0] ?? labels;
  const bars = classes.map((name, i) => ({ name, value: row[i], 'data-class': name, class: chosen.includes(name) && 'chosen' }));
  return html`${large(target ?? 'Prediction', chosen.join(', ') || 'none')}
    <${Bars} label="Probabilities" to=${1} format=${percent}
      items=${bars.length > MOST_BARS ? bars.sort((a, b) => b.value - a.value).slice(0, MOST_BARS) : bars} />`;
}

/** A file to predict; the answer is a download. */
function Rows({ path, version }) {
  const [result, setResult] = useState(null);
  const [predict, running, problem] = useAction(async file => {
    let warnings;
    const blob = await call('POST', path, {
      query: { version },
      body: file,
      headers: { 'Content-Type': 'text/csv', Accept: 'text/csv' },
      received: headers => (warnings = JSON.parse(headers.get('Backprop-Warnings') ?? '[]')),
    });
    const count = (await blob.text()).replace(/"[^"]*"/g, '').split('\n').length - 2;
    const name = file.name.replace(/(\.\w+)?$/, '-predictions.csv');
    setResult({ name, url: URL.createObjectURL(blob), count, warnings });
  });
  useEffect(() => () => result && URL.revokeObjectURL(result.url), [result]);
  return html`<section>
    <h2>A file to predict</h2>
    <${Field} label="CSV with the columns above, in any order">
      <input id="predict-file" type="file" accept=".csv,.tsv,.txt" onChange=${event => predict(event.target.files[0])} />
    <//>
    <${Alert} problem=${problem} />
    <p role="status">${running ? 'Predicting …' : result && html`
      <a id="predicted" href=${result.url} download=${result.name}>${result.name}</a> ${number(result.count)} rows`}</p>
    ${result?.warnings.map(warning => html`<p class="notice wrap">${warning}</p>`)}
  </section>`;
}
