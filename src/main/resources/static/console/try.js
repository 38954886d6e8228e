// Tab Try of a model: a form for one row whose prediction follows each movement, and a file to predict.
import { html, useEffect, useLayoutEffect, useRef, useState } from './vendor/htm-preact.js';
import { Bars, niceStep } from './charts.js';
import { curl } from './drawer.js';
import { call, calls, modelPath } from './http.js';
import { Alert, day, Field, modelHash, number, percent, useAction, useLoad, useView } from './ui.js';

const MOST_BARS = 12;
const DAY = 86_400_000;
const toIsoDate = days => new Date(Math.round(days) * DAY).toISOString().slice(0, 10);

export default function Try({ model: current, query: { version } }) {
  const path = modelPath(current.id);
  const load = async signal => (version ? call('GET', path, { query: { version }, signal }) : current);
  const { data: model, problem } = useLoad(load, [current, version]);
  useView('try', current.id, Boolean(model || problem));
  if (model?.version === 0) {
    return html`<p class="empty">Nothing to try yet. <a href=${modelHash(model.id, 'train')}>Train it first</a></p>`;
  }
  return html`
    ${version && html`<p>Version ${version}. <a href=${modelHash(current.id, 'try')}>Try the current one</a></p>`}
    <${Alert} problem=${problem} />
    ${model && html`<${Row} key=${model.version} model=${model} path=${`${path}/predict`} version=${version} />`}
    ${model?.features && html`<${File} path=${`${path}/predict`} version=${version} />`}`;
}

/** The features of a model, or inputs x1, x2 … with about the range of the numbers that it was trained on. */
function featuresOf({ features, inputs, scaling }) {
  return features ?? Array.from({ length: inputs }, (_, i) => {
    const { offset, factor } = scaling?.inputs?.[i] ?? { offset: 0, factor: 0.5 };
    return { name: `x${i + 1}`, minimum: offset - 2 * factor, median: offset, maximum: offset + 2 * factor };
  });
}

const typical = ({ median, categories, dates }) =>
  categories ? categories[0] : dates ? toIsoDate(median) : Number(median.toPrecision(6));

function Row({ model, path, version }) {
  const features = featuresOf(model);
  const [row, setRow] = useState({ cells: features.map(typical), threshold: 0.5 });
  const { data, problem } = useLatest(({ cells, threshold }) => {
    const named = () => ({ rows: [Object.fromEntries(features.map(({ name }, i) => [name, cells[i]]))] });
    const query = { version, threshold: threshold === 0.5 ? null : threshold };
    return call('POST', path, { query, body: model.features ? named() : { inputs: [cells] } });
  }, row);
  const sent = data && calls.list.findLast(each => each.path.startsWith(`/${path}`));
  const set = (i, cell) => setRow(before => ({ ...before, cells: before.cells.with(i, cell) }));
  return html`<div class="split">
    <form id="try" aria-label="Features" onSubmit=${event => event.preventDefault()}>
      ${features.map((feature, i) => html`<${Feature} ...${feature} id=${`feature-${i}`} cell=${row.cells[i]}
        start=${typical(feature)} optional=${model.features} set=${cell => set(i, cell)} />`)}
    </form>
    <article id="prediction" data-version=${data?.version}>
      <${Alert} problem=${problem} />
      ${data && html`<${Prediction} ...${data} model=${model} />`}
      ${(data?.labelSets || data?.classes?.length === 2) && html`<${Field} label="Probability from which a class is chosen">
        <input id="threshold" type="number" min="0.01" max="0.99" step="0.01" value=${row.threshold} onInput=${event =>
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
    queue.next = () => send(value);
    const work = async () => {
      while (queue.next) {
        const next = queue.next;
        queue.next = null;
        setState(await next().then(data => ({ data }), problem => ({ problem })));
      }
      queue.working = null;
    };
    queue.working ??= work();
  }, [value]);
  return state;
}

function Feature({ id, name, minimum, maximum, dates, categories, cell, start, optional, set }) {
  const step = dates ? 1 : niceStep((maximum - minimum) / 200 || 1);
  const typed = ({ target }) => {
    const valid = target.value !== '' && target.validity.valid;
    return valid ? set(dates ? target.value : target.valueAsNumber) : optional && set(null);
  };
  return html`<div class="feature">
    <label class="long" for=${id} title=${name} dir="auto">${name}</label>
    ${optional && html`<label><input type="checkbox" data-missing=${name} aria-label=${`${name} is missing`}
      checked=${cell == null} onInput=${event => set(event.target.checked ? null : start)} />missing</label>`}
    ${categories ? html`
      <select id=${id} name=${name} value=${cell ?? ''} onInput=${event => set(event.target.value)}>
        ${cell == null && html`<option></option>`}
        ${categories.map(each => html`<option value=${each}>${each}</option>`)}
      </select>` : html`
      <input type="range" aria-label=${name} min=${minimum} max=${maximum} step=${step}
        value=${dates ? Date.parse(cell ?? start) / DAY : cell ?? start}
        onInput=${event => set(dates ? toIsoDate(event.target.value) : event.target.valueAsNumber)} />
      <input id=${id} name=${name} type=${dates ? 'date' : 'number'} step=${dates ? 1 : 'any'} value=${cell ?? ''}
        onInput=${typed} />`}
  </div>`;
}

function Prediction({ model, predictions: [row], classes, labels, labelSets }) {
  const chosen = labelSets?.[0] ?? labels?.slice(0, 1);
  const format = value => (typeof value === 'string' ? day(value) : number(value, 6));
  const large = (name, text) => html`<small class="long" title=${name}>${name}</small>
    <output class="long" title=${text} dir="auto">${text}</output>`;
  if (!classes) {
    return row.map((value, i) => large(model.target ?? `Output ${i + 1}`, format(value)));
  }
  const all = classes.map((name, i) => ({ name, value: row[i], 'data-class': name, class: chosen.includes(name) && 'chosen' }));
  const bars = all.length > MOST_BARS ? all.sort((a, b) => b.value - a.value).slice(0, MOST_BARS) : all;
  return html`${large(model.target ?? 'Prediction', chosen.join(', ') || 'none')}
    <${Bars} label="Probabilities" items=${bars} to=${1} format=${percent} />`;
}

/** A file to predict; the answer is a download. */
function File({ path, version }) {
  const [result, setResult] = useState(null);
  const [predict, running, problem] = useAction(async file => {
    const start = performance.now();
    const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv' };
    let warnings = [];
    const received = all => (warnings = JSON.parse(all.get('Backprop-Warnings') ?? '[]'));
    const blob = await call('POST', path, { query: { version }, body: file, headers, received });
    const seconds = (performance.now() - start) / 1000;
    const rows = (await blob.text()).replace(/"[^"]*"/g, '').split('\n').length - 2;
    const name = `${file.name.replace(/\.\w+$/, '')}-predictions.csv`;
    setResult({ name, url: URL.createObjectURL(blob), rows, seconds, warnings });
  });
  useEffect(() => () => result && URL.revokeObjectURL(result.url), [result]);
  return html`<section>
    <h2>A file to predict</h2>
    <${Field} label="CSV with the columns above, in any order">
      <input id="predict-file" type="file" accept=".csv,.tsv,.txt" onChange=${event => predict(event.target.files[0])} />
    <//>
    <${Alert} problem=${problem} />
    <p role="status">${running ? 'Predicting …' : result && html`<a id="predicted" href=${result.url} download=${result.name}>
      ${result.name}</a> <small>${number(result.rows)} rows in ${number(result.seconds, 2)} s</small>`}</p>
    ${!running && result?.warnings.map(warning => html`<p class="notice wrap">${warning}</p>`)}
  </section>`;
}
