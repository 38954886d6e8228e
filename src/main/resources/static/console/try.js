// Tab Try of a model: a form for one row whose prediction follows each movement, and a file to predict.
import { html, useEffect, useLayoutEffect, useRef, useState } from './vendor/htm-preact.js';
import { Bars, niceStep } from './charts.js';
import { curl } from './drawer.js';
import { call, calls, modelPath } from './http.js';
import { Alert, day, modelHash, number, percent, useAction, useLoad, useView } from './ui.js';

const MANY = 50; // inputs, above which a row is text
const MANY_CLASSES = 12;
const DAY = 86_400_000;
const toIsoDate = days => new Date(Math.round(days) * DAY).toISOString().slice(0, 10);

/** The features of a model, or inputs x1, x2 … with about the range of the rows of numbers that it has learned. */
function featuresOf({ features, inputs, scaling }) {
  return features ?? Array.from({ length: inputs }, (_, i) => {
    const { offset, factor } = scaling?.inputs?.[i] ?? { offset: 0, factor: 0.5 };
    const [minimum, median, maximum] = [-2, 0, 2].map(each => Number((offset + each * factor).toPrecision(3)));
    return { name: `x${i + 1}`, type: 'numeric', minimum, median, maximum };
  });
}

export default function Try({ model: current, query: { version } }) {
  const earlier = version && Number(version) !== current.version ? version : undefined;
  const { data: model, problem } = useLoad(
    async signal => (earlier ? call('GET', modelPath(current.id), { query: { version }, signal }) : current),
    [current, earlier],
  );
  useView('try', current.id, Boolean(model || problem));
  if (!model) {
    return html`<${Alert} problem=${problem} />`;
  }
  if (model.version === 0) {
    return html`<div class="empty">
      <p>This model has no parameters yet. Train it, then try it here.</p>
      <a role="button" href=${modelHash(model.id, 'train')}>Train</a>
    </div>`;
  }
  return html`
    ${earlier && html`<p>Version ${earlier}. <a href=${modelHash(model.id, 'try')}>Try the current one</a></p>`}
    <${Row} key=${model.version} model=${model} version=${earlier} />
    ${model.features && html`<${Table} model=${model} version=${earlier} />`}`;
}

/** What a call gave for the latest value: one call at a time; values that were overtaken meanwhile are skipped. */
function useLatest(send, value) {
  const [state, setState] = useState({});
  const queue = useRef({ next: null, busy: false }).current;
  useLayoutEffect(() => {
    queue.next = { value };
    const work = async () => {
      queue.busy = true;
      while (queue.next) {
        const { value: next } = queue.next;
        queue.next = null;
        await send(next).then(data => setState({ data }), problem => setState(({ data }) => ({ data, problem })));
      }
      queue.busy = false;
    };
    if (!queue.busy) {
      work();
    }
  }, [value]);
  useEffect(() => () => (queue.next = null), []);
  return state;
}

function Row({ model, version }) {
  const features = featuresOf(model);
  const median = ({ median, dates, categories }) => categories?.[0] ?? (dates ? Math.round(median) : median);
  const [row, setRow] = useState({
    values: features.map(median),
    missing: features.map(feature => feature.median == null && !feature.categories?.length),
    threshold: 0.5,
  });
  const first = useRef(true);
  const path = modelPath(model.id, 'predict');
  const { data, problem } = useLatest(({ values, missing, threshold }) => {
    const cells = values.map((value, i) => (missing[i] ? null : features[i].dates ? toIsoDate(value) : value));
    const body = model.features
      ? { rows: [Object.fromEntries(cells.map((cell, i) => [features[i].name, cell]))] }
      : { inputs: [cells] };
    const background = !first.current; // a script that is recorded has the first prediction
    first.current = false;
    return call('POST', path, { query: { version, threshold: threshold === 0.5 ? null : threshold }, body, background });
  }, row);
  const put = (list, i, value) => list.map((each, at) => (at === i ? value : each));
  const set = (i, value) => setRow(({ values, missing, ...rest }) =>
    ({ ...rest, values: put(values, i, value), missing: put(missing, i, false) }));
  const setMissing = (i, value) => setRow(before => ({ ...before, missing: put(before.missing, i, value) }));
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const entry = calls.list.findLast(each => each.path.split('?')[0] === `/${path}`);
    await navigator.clipboard.writeText(curl(entry));
    setCopied(true);
  };
  return html`<div class="try">
    <form id="try" onSubmit=${event => event.preventDefault()} aria-label="A row to predict">
      ${!model.features && features.length > MANY
        ? html`<${Text} values=${row.values} onValues=${values => setRow({ ...row, values })} />`
        : features.map((feature, i) => html`<${Feature} feature=${feature} value=${row.values[i]} missing=${row.missing[i]}
            optional=${Boolean(model.features)} onValue=${value => set(i, value)} onMissing=${value => setMissing(i, value)} />`)}
    </form>
    <section id="prediction" aria-label="Prediction" data-version=${data?.version}>
      <${Alert} problem=${problem} />
      ${data && html`<${Prediction} model=${model} data=${data} />`}
      ${(data?.labelSets || data?.classes?.length === 2) && html`<label class="field">
        <span>${data.labelSets ? 'A class is predicted' : `“${data.classes[1]}” is predicted`} from ${percent(row.threshold)}</span>
        <input type="range" id="threshold" min="0.01" max="0.99" step="0.01" value=${row.threshold}
          onInput=${event => setRow({ ...row, threshold: Number(event.target.value) })} />
      </label>`}
      ${data?.warnings?.map(warning => html`<p class="warning">${warning}</p>`)}
      ${navigator.clipboard && data && html`<button type="button" id="try-curl" class="quiet" onClick=${copy}
        onBlur=${() => setCopied(false)}>${copied ? 'Copied' : 'Copy as curl'}</button>`}
    </section>
  </div>`;
}

function Feature({ feature, value, missing, optional, onValue, onMissing }) {
  const { name, minimum, maximum, dates, categories } = feature;
  const text = dates && !missing ? toIsoDate(value) : value;
  const typed = ({ target }) => {
    const parsed = dates ? target.valueAsNumber / DAY : target.valueAsNumber;
    return Number.isNaN(parsed) ? optional && onMissing(true) : onValue(parsed);
  };
  const step = dates ? 1 : niceStep((maximum - minimum) / 200 || 1);
  return html`<fieldset class=${missing ? 'feature missing' : 'feature'}>
    <legend class="long" title=${name} dir="auto">${name}</legend>
    ${optional && html`<label class="gap"><input type="checkbox" data-missing=${name} checked=${missing}
      onInput=${event => onMissing(event.target.checked)} /> missing</label>`}
    ${categories
      ? html`<select name=${name} aria-label=${name} value=${value} onInput=${event => onValue(event.target.value)}>
          ${categories.map(each => html`<option value=${each} dir="auto">${each}</option>`)}
        </select>`
      : html`
        <input type="range" name=${dates ? undefined : name} aria-label=${name} min=${minimum} max=${maximum} step=${step}
          value=${value} onInput=${event => onValue(Number(event.target.value))} />
        <input type=${dates ? 'date' : 'number'} name=${dates ? name : undefined} aria-label=${name} step=${dates ? 1 : 'any'}
          value=${missing ? '' : text} placeholder="missing" onInput=${typed} />`}
  </fieldset>`;
}

/** Many numbers, separated by commas or spaces. */
function Text({ values, onValues }) {
  const [text, setText] = useState(values.join(', '));
  const numbers = text.trim().split(/[\s,;]+/).map(Number);
  const valid = numbers.length === values.length && numbers.every(Number.isFinite);
  const change = event => setText(event.target.value);
  useEffect(() => valid && onValues(numbers), [text]);
  return html`<label class="field">
    <span>${values.length} numbers</span>
    <textarea name="inputs" rows="12" aria-invalid=${valid ? undefined : 'true'} value=${text} onInput=${change}></textarea>
    ${!valid && html`<small>${values.length} numbers are needed, separated by commas or spaces</small>`}
  </label>`;
}

function Prediction({ model, data: { predictions: [row], classes, labels, labelSets } }) {
  if (!classes) {
    return row.map((value, i) => html`<${Output} value=${value} scale=${model.scaling?.targets?.[i]}
      bounded=${model.layers.at(-1).activation === 'sigmoid'}
      name=${model.target ?? (row.length > 1 ? `Output ${i + 1}` : 'Prediction')} />`);
  }
  const chosen = labelSets ? labelSets[0] : labels.slice(0, 1);
  const all = classes.map((name, i) => ({ name, value: row[i], 'data-class': name, class: chosen.includes(name) && 'chosen' }));
  const shown = all.length > MANY_CLASSES ? all.sort((a, b) => b.value - a.value).slice(0, MANY_CLASSES) : all;
  return html`
    <small class="long" title=${model.target} dir="auto">${model.target ?? 'Prediction'}</small>
    <output class="big long" title=${chosen.join(', ')} dir="auto">${chosen.join(', ') || 'none'}</output>
    <${Bars} label="Probabilities" items=${shown} to=${1} format=${percent} />
    ${shown.length < all.length && html`<p><small>${all.length - shown.length} more classes are less probable.</small></p>`}`;
}

/** A number in large figures, and where it lies among the targets of the training, as far as that is known. */
function Output({ name, value, scale, bounded }) {
  const isDate = typeof value === 'string';
  const at = isDate ? Date.parse(value) / DAY : value;
  const text = each => (isDate ? day(each) : number(Number(each.toPrecision(6))));
  const range = bounded ? [0, 1] : scale && [scale.offset - 3 * scale.factor, scale.offset + 3 * scale.factor];
  const place = range && Math.min(1, Math.max(0, (at - range[0]) / (range[1] - range[0])));
  return html`
    <small class="long" title=${name} dir="auto">${name}</small>
    <output class="big long">${value == null ? '–' : text(at)}</output>
    ${range && value != null && html`
      <svg class="position" aria-hidden="true" width="100%" height="20">
        <rect class="track" width="100%" y="8" height="4" rx="2" />
        <circle cx=${`${100 * place}%`} cy="10" r="6" />
      </svg>
      <p class="ends"><small>${text(range[0])}</small>
        <small>${bounded ? '' : `training mean ${text(scale.offset)}`}</small><small>${text(range[1])}</small></p>`}`;
}

/** A file to predict; the answer is a download. */
function Table({ model, version }) {
  const [result, setResult] = useState(null);
  const [predict, running, problem] = useAction(async file => {
    const start = performance.now();
    let warnings = [];
    const blob = await call('POST', modelPath(model.id, 'predict'), {
      query: { version },
      body: file,
      headers: { 'Content-Type': 'text/csv', Accept: 'text/csv' },
      received: headers => (warnings = JSON.parse(headers.get('Backprop-Warnings') ?? '[]')),
    });
    const lines = (await blob.text()).replace(/"[^"]*"/g, '').split('\n').length - 2;
    const seconds = (performance.now() - start) / 1000;
    setResult({ name: file.name.replace(/\.\w+$/, ''), url: URL.createObjectURL(blob), lines, seconds, warnings });
  });
  useEffect(() => () => result && URL.revokeObjectURL(result.url), [result]);
  return html`<section class="file">
    <h2>A file to predict</h2>
    <label class="field"><span>CSV with the columns above, in any order</span>
      <input id="predict-file" type="file" accept=".csv,.tsv,.txt,text/csv,text/plain" disabled=${running}
        onChange=${event => event.target.files[0] && predict(event.target.files[0])} /></label>
    <${Alert} problem=${problem} />
    <p aria-live="polite" aria-busy=${running}>${running ? 'Predicting …' : result && html`
      <a id="predicted" href=${result.url} download=${`${result.name}-predictions.csv`}>${result.name}-predictions.csv</a>
      ${' '}<small>${number(result.lines)} rows in ${number(result.seconds, 2)} s</small>`}</p>
    ${!running && result?.warnings.map(warning => html`<p class="warning">${warning}</p>`)}
  </section>`;
}
