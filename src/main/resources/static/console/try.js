// Tab Try of a model: a form for one row whose prediction follows each movement, and a file to predict.
import { html, useLayoutEffect, useRef, useState } from './vendor/htm-preact.js';
import { Bars, niceStep } from './charts.js';
import { call, modelPath } from './http.js';
import { Alert, FileField, number, percent, save, useAction, useView } from './ui.js';

/** The features of a model, or inputs x1, x2 … with about the range of its training, if that is known. */
const featuresOf = ({ features, inputs, scales }) => features ?? Array.from({ length: inputs }, (_, i) => {
  const { offset, factor } = scales?.inputs?.[i] ?? { offset: 0, factor: 0.5 };
  const [minimum, median, maximum] = [-2, 0, 2].map(each => offset + each * factor);
  return { name: `x${i + 1}`, required: true, minimum, median, maximum };
});

const isoDate = days => new Date(Math.round(days) * 86_400_000).toISOString().slice(0, 10);

const typical = ({ median, categories, dates }) =>
  categories ? categories[0] : dates ? isoDate(median) : Number(median.toPrecision(6));

export default function Try({ model, query: { version } }) {
  const path = modelPath(model.id, 'predict');
  const features = featuresOf(model);
  const [cells, setCells] = useState(features.map(typical));
  const [prediction, setPrediction] = useState(null);
  const sent = useRef(null);
  const [predict, running, problem] = useAction(async () => {
    sent.current = cells;
    const row = Object.fromEntries(features.map(({ name }, i) => [name, cells[i]]));
    const body = model.features ? { rows: [row] } : { inputs: [cells] };
    setPrediction(await call('POST', path, { query: { version }, body }));
  });
  useLayoutEffect(() => { // one call at a time, so movements during a call are skipped but the last
    if (!running && sent.current !== cells) {
      predict();
    }
  }, [running, cells]);
  useView('try', model.id);
  return html`<div class="split">
      <form id="try" aria-label="Features" onSubmit=${event => event.preventDefault()}>
        ${features.map((feature, i) => html`<${Feature} ...${feature} start=${typical(feature)}
          cell=${cells[i]} set=${cell => setCells(cells.with(i, cell))} />`)}
      </form>
      <article id="prediction" data-version=${prediction?.version}>
        <${Alert} problem=${problem} />
        ${prediction && html`<${Prediction} ...${prediction} target=${model.target ?? 'Prediction'} />`}
      </article>
    </div>
    ${model.features && html`<${FilePrediction} path=${path} version=${version} />`}`;
}

function Feature({ name, required, minimum, maximum, dates, categories, start, cell, set }) {
  const isNumber = !dates && !categories;
  const onInput = ({ target: { value, validity } }) =>
    validity.valid && set(value === '' ? null : isNumber ? Number(value) : value);
  const control = { 'aria-label': name, value: cell ?? '', onInput };
  return html`<div class="feature">
    <span class="long" title=${name} dir="auto">${name}</span>
    ${!required && html`<label><input type="checkbox" data-missing=${name} aria-label="${name} is missing"
      checked=${cell == null} onInput=${event => set(event.target.checked ? null : start)} />missing</label>`}
    ${isNumber && html`
      <input type="range" name=${name} min=${minimum} max=${maximum}
        step=${niceStep((maximum - minimum) / 200 || 1)} ...${control} value=${cell ?? start} />
      <input type="number" step="any" required=${required} ...${control} />`}
    ${dates && html`<input type="date" name=${name} ...${control} />`}
    ${categories && html`<select name=${name} ...${control}>
      ${categories.map(each => html`<option value=${each}>${each}</option>`)}
    </select>`}
  </div>`;
}

function Prediction({ target, version, predictions: [row], classes, labels, labelSets }) {
  const values = () => row.map(value => (typeof value === 'number' ? number(value, 6) : value));
  const chosen = labelSets?.[0] ?? labels ?? values();
  const text = chosen.join(', ') || 'none';
  return html`
    <small class="long" title=${target}>${target}, by version ${version}</small>
    <output class="long" title=${text} dir="auto">${text}</output>
    ${classes && html`<${Bars} label="Probabilities" to=${1} format=${percent}
      items=${classes.map((name, i) =>
        ({ name, value: row[i], 'data-class': name, class: chosen.includes(name) && 'chosen' }))} />`}`;
}

function FilePrediction({ path, version }) {
  const [predict, running, problem] = useAction(async file => {
    const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv' };
    const blob = await call('POST', path, { query: { version }, body: file, headers });
    save(blob, file.name.replace(/(\.\w+)?$/, '-predictions.csv'));
  });
  return html`<section aria-busy=${running}>
    <h2>A file to predict</h2>
    <${FileField} id="predict-file" label="CSV with the columns above, in any order" onFile=${predict} />
    <${Alert} problem=${problem} />
  </section>`;
}
