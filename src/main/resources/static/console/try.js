// Tab Try of a model: a form for one row whose prediction follows each movement, and a file to predict.
import { html, useEffect, useLayoutEffect, useRef, useState } from './vendor/htm-preact.js';
import { Bars, niceStep } from './charts.js';
import { curl } from './drawer.js';
import { call, calls, modelPath } from './http.js';
import { Alert, day, Field, modelHash, number, percent, useAction, useLoad, useView } from './ui.js';

const MANY_INPUTS = 50; // above which a row is text
const MANY_CLASSES = 12; // above which the most probable ones are shown
const DAY = 86_400_000;
const toIsoDate = days => new Date(Math.round(days) * DAY).toISOString().slice(0, 10);
const rounded = (value, digits) => Number(value.toPrecision(digits));

export default function Try({ model: current, query: { version } }) {
  const earlier = version && Number(version) !== current.version ? version : null;
  const { data: model, problem } = useLoad(
    async signal => (earlier ? call('GET', modelPath(current.id), { query: { version }, signal }) : current),
    [current, earlier],
  );
  useView('try', current.id, Boolean(model || problem));
  if (!model) {
    return html`<${Alert} problem=${problem} />`;
  }
  if (model.version === 0) {
    return html`<p class="empty">This model has no parameters yet. <a href=${modelHash(model.id, 'train')}>Train it</a>, then
      try it here.</p>`;
  }
  return html`
    ${earlier && html`<p>This is version ${earlier}. <a href=${modelHash(model.id, 'try')}>Try the current one</a></p>`}
    <${Row} key=${model.version} model=${model} version=${earlier} />
    ${model.features && html`<${Rows} model=${model} version=${earlier} />`}`;
}

/** What a call gave for the latest value: one call at a time; values overtaken in the meantime are skipped. */
function useLatest(send, value) {
  const [state, setState] = useState({});
  const queue = useRef({ values: [], busy: false }).current;
  useLayoutEffect(() => {
    queue.values = [value];
    const work = async () => {
      queue.busy = true;
      while (queue.values.length > 0) {
        await send(queue.values.pop()).then(
          data => setState({ data }),
          problem => setState(({ data }) => ({ data, problem })),
        );
      }
      queue.busy = false;
    };
    if (!queue.busy) {
      work();
    }
  }, [value]);
  useEffect(() => () => (queue.values = []), []);
  return state;
}

/** The features of a model, or inputs x1, x2 … with about the range of the numbers that it was trained on. */
function featuresOf({ features, inputs, scaling }) {
  return features ?? Array.from({ length: inputs }, (_, i) => {
    const { offset, factor } = scaling?.inputs?.[i] ?? { offset: 0, factor: 0.5 };
    const [minimum, median, maximum] = [-2, 0, 2].map(each => rounded(offset + each * factor, 3));
    return { name: `x${i + 1}`, type: 'numeric', minimum, median, maximum };
  });
}

const typical = ({ median, dates, categories }) =>
  categories ? categories[0] : dates ? Math.round(median) : rounded(median, 6);

function Row({ model, version }) {
  const features = featuresOf(model);
  const [row, setRow] = useState({ values: features.map(typical), missing: features.map(() => false), threshold: 0.5 });
  const background = useRef(false); // a script that is recorded contains the first prediction
  const path = modelPath(model.id, 'predict');
  const { data, problem } = useLatest(({ values, missing, threshold }) => {
    const cells = features.map(({ dates }, i) => (missing[i] ? null : dates ? toIsoDate(values[i]) : values[i]));
    const body = model.features
      ? { rows: [Object.fromEntries(features.map(({ name }, i) => [name, cells[i]]))] }
      : { inputs: [cells] };
    const query = { version, threshold: threshold === 0.5 ? null : threshold };
    const prediction = call('POST', path, { query, body, background: background.current });
    background.current = true;
    return prediction;
  }, row);
  const set = (i, value) => setRow(before => ({
    ...before,
    values: value == null ? before.values : before.values.with(i, value),
    missing: before.missing.with(i, value == null),
  }));
  return html`<div class="split">
    <form id="try" aria-label="A row to predict" onSubmit=${event => event.preventDefault()}>
      ${!model.features && features.length > MANY_INPUTS
        ? html`<${Numbers} values=${row.values} onValues=${values => setRow({ ...row, values })} />`
        : features.map((feature, i) => html`<${Feature} ...${feature} id=${`feature-${i}`} value=${row.values[i]}
            missing=${row.missing[i]} optional=${Boolean(model.features)} onValue=${value => set(i, value)} />`)}
    </form>
    <article id="prediction" data-version=${data?.version}>
      <${Alert} problem=${problem} />
      ${data && html`<${Prediction} ...${data} model=${model} />`}
      ${(data?.labelSets || data?.classes?.length === 2) && html`
        <${Field} label=${html`Least probability of ${data.labelSets ? 'a class' : data.classes[1]} <output>${percent(row.threshold)}</output>`}>
          <input id="threshold" type="range" min="0.01" max="0.99" step="0.01" value=${row.threshold}
            onInput=${event => setRow({ ...row, threshold: Number(event.target.value) })} />
        <//>`}
      ${data?.warnings?.map(warning => html`<p class="notice wrap">${warning}</p>`)}
      ${data && html`<${CopyCurl} path=${`/${path}`} />`}
    </article>
  </div>`;
}

function CopyCurl({ path }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(curl(calls.list.findLast(each => each.path.split('?')[0] === path)));
    setCopied(true);
  };
  return navigator.clipboard && html`<button type="button" class="quiet" onClick=${copy} onBlur=${() => setCopied(false)}>
    ${copied ? 'Copied' : 'Copy as curl'}</button>`;
}

function Feature({ id, name, minimum, maximum, dates, categories, value, missing, optional, onValue }) {
  const step = dates ? 1 : niceStep((maximum - minimum) / 200 || 1);
  const typed = ({ target }) => {
    const entered = dates ? target.valueAsNumber / DAY : target.valueAsNumber;
    return Number.isNaN(entered) ? optional && onValue(null) : onValue(entered);
  };
  return html`<div class="feature">
    <label class="long" for=${id} title=${name} dir="auto">${name}</label>
    ${optional ? html`<label class="gap"><input type="checkbox" data-missing=${name} checked=${missing}
      aria-label=${`${name} is missing`} onInput=${event => onValue(event.target.checked ? null : value)} />missing</label>` : html`<i></i>`}
    ${categories
      ? html`<select id=${id} name=${name} value=${value} onInput=${event => onValue(event.target.value)}>
          ${categories.map(each => html`<option value=${each}>${each}</option>`)}
        </select>`
      : html`
        <input id=${id} type="range" name=${dates ? undefined : name} min=${minimum} max=${maximum} step=${step} value=${value}
          onInput=${event => onValue(Number(event.target.value))} />
        <input type=${dates ? 'date' : 'number'} name=${dates ? name : undefined} aria-label=${name} placeholder="missing"
          step=${dates ? 1 : 'any'} value=${missing ? '' : dates ? toIsoDate(value) : value} onInput=${typed} />`}
  </div>`;
}

/** Many numbers, separated by commas or spaces. */
function Numbers({ values, onValues }) {
  const [valid, setValid] = useState(true);
  const typed = event => {
    const numbers = event.target.value.trim().split(/[\s,;]+/).map(Number);
    const complete = numbers.length === values.length && numbers.every(Number.isFinite);
    setValid(complete);
    return complete && onValues(numbers);
  };
  return html`<${Field} label=${`${values.length} numbers, separated by commas or spaces`}>
    <textarea name="inputs" rows="10" aria-invalid=${valid ? undefined : 'true'} onInput=${typed}>${values.join(', ')}</textarea>
  <//>`;
}

function Prediction({ model, predictions: [row], classes, labels, labelSets }) {
  if (!classes) {
    return row.map((value, i) => html`<${Output} value=${value} scale=${model.scaling?.targets?.[i]}
      bounded=${model.layers.at(-1).activation === 'sigmoid'} name=${model.target ?? `Output ${i + 1}`} />`);
  }
  const chosen = labelSets?.[0] ?? [labels[0]];
  const all = classes.map((name, i) => ({ name, value: row[i], 'data-class': name, class: chosen.includes(name) && 'chosen' }));
  const shown = all.length > MANY_CLASSES ? all.sort((a, b) => b.value - a.value).slice(0, MANY_CLASSES) : all;
  return html`
    <small class="long" title=${model.target}>${model.target ?? 'Prediction'}</small>
    <output class="long" title=${chosen.join(', ')} dir="auto">${chosen.join(', ') || 'none'}</output>
    <${Bars} label="Probabilities" items=${shown} to=${1} format=${percent} />
    ${shown.length < all.length && html`<p><small>${all.length - shown.length} classes are less probable.</small></p>`}`;
}

/** A number or a date in large figures, and where it lies among the targets of the training, if that is known. */
function Output({ name, value, scale, bounded }) {
  const isDate = typeof value === 'string';
  const at = isDate ? Date.parse(value) / DAY : value;
  const text = (each, digits = 4) => (isDate ? day(each) : number(rounded(each, digits)));
  const [low, high] = bounded ? [0, 1] : scale ? [-3, 3].map(each => scale.offset + each * scale.factor) : [];
  const place = Math.min(1, Math.max(0, (at - low) / (high - low)));
  return html`
    <small class="long" title=${name}>${name}</small>
    <output class="long">${value == null ? '–' : text(at, 6)}</output>
    ${value != null && low != null && html`
      <svg class="position" aria-hidden="true" width="100%" height="20">
        <rect class="track" width="100%" y="8" height="4" rx="2" />
        <circle cx=${percent(place)} cy="10" r="6" />
      </svg>
      <p class="ends"><small>${text(low)}</small><small>${bounded ? '' : `mean ${text(scale.offset)}`}</small>
        <small>${text(high)}</small></p>`}`;
}

/** A file to predict; the answer is a download. */
function Rows({ model, version }) {
  const [result, setResult] = useState(null);
  const [predict, running, problem] = useAction(async file => {
    const start = performance.now();
    let warnings = null;
    const blob = await call('POST', modelPath(model.id, 'predict'), {
      query: { version },
      body: file,
      headers: { 'Content-Type': 'text/csv', Accept: 'text/csv' },
      received: headers => (warnings = headers.get('Backprop-Warnings')),
    });
    const seconds = (performance.now() - start) / 1000;
    const count = (await blob.text()).replace(/"[^"]*"/g, '').split('\n').length - 2;
    const name = `${file.name.replace(/\.\w+$/, '')}-predictions.csv`;
    setResult({ name, url: URL.createObjectURL(blob), count, seconds, warnings: JSON.parse(warnings ?? '[]') });
  });
  useEffect(() => () => result && URL.revokeObjectURL(result.url), [result]);
  const done = !running && result;
  return html`<section>
    <h2>A file to predict</h2>
    <${Field} label="CSV with the columns above, in any order">
      <input id="predict-file" type="file" accept=".csv,.tsv,.txt,text/csv,text/plain" disabled=${running}
        onChange=${event => event.target.files[0] && predict(event.target.files[0])} />
    <//>
    <${Alert} problem=${problem} />
    <p role="status">${running && 'Predicting …'}${done && html`
      <a id="predicted" href=${done.url} download=${done.name}>${done.name}</a>${' '}
      <small>${number(done.count)} rows in ${number(done.seconds, 2)} s</small>`}</p>
    ${done && done.warnings.map(warning => html`<p class="notice wrap">${warning}</p>`)}
  </section>`;
}
