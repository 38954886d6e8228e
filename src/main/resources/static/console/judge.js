// Tab Judge of a model: the metrics of its training, and how it does on a file.
import { html, useState } from './vendor/htm-preact.js';
import { Bars, Matrix, niceStep, Points } from './charts.js';
import { read } from './csv.js';
import { call, modelPath } from './http.js';
import { Alert, Chart, day, Field, files, modelHash, number, Table, useLoad, useView } from './ui.js';

const MEANINGS = {
  accuracy: 'share that is predicted right',
  subset_accuracy: 'share of rows with all labels right',
  balanced_accuracy: 'mean recall of the classes',
  log_loss: 'error of the probabilities; 0 is best',
  macro_f1: 'mean F1 of the classes',
  mcc: 'correlation with the truth; 1 is best',
  auc: 'chance that a positive row ranks first',
  average_precision: 'precision over all thresholds',
  mean_squared_error: 'mean of the squared errors',
  mean_absolute_error: 'mean size of the errors',
  root_mean_squared_error: 'as the errors; large ones count more',
  r2: 'share of the variation explained; 1 is best',
};
const LARGE = 10 << 20; // bytes, above which a file is sent only when it is chosen
const MOST_CLASSES = 50; // of a confusion matrix
const MOST_POINTS = 2000;

export default function Judge({ model }) {
  useView('judge', model.id);
  const kept = files.get(model.id);
  const [{ file, invalidCells } = {}, setData] = useState(kept?.file.size < LARGE ? kept : {});
  const [measuring, setMeasuring] = useState(true);
  const send = (operation, options) => call('POST', modelPath(model.id, operation),
    { query: { invalidCells }, body: file, ...options, headers: { 'Content-Type': 'text/csv', ...options.headers } });
  const { data: result, problem } = useLoad(async signal => file && send('evaluate', { signal }), [file]);
  const importance = useLoad(async signal => file && measuring && send('importance', { signal }), [file, measuring]);
  const pairs = useLoad(async signal => file && !model.classes && pairsOf(
    await read(await send('predict', { signal, headers: { Accept: 'text/csv' } })), model.target), [file]);
  if (model.version === 0) {
    return html`<p class="empty">Nothing to judge yet. <a href=${modelHash(model.id, 'train')}>Train it first</a></p>`;
  }
  const sets = Object.entries({ validation: model.validationMetrics, training: model.trainingMetrics, file: result?.metrics })
    .filter(([, metrics]) => metrics);
  const ids = [...new Set(sets.flatMap(([, metrics]) => Object.keys(metrics)))];
  return html`
    <section id="metrics">
      <h2>Metrics</h2>
      <${Table} label="Metrics" head=${['metric', ...sets.map(([name]) => name), 'meaning']} rows=${ids.map(id =>
        [id.replaceAll('_', ' '), ...sets.map(([, metrics]) => metrics[id]), MEANINGS[id]])} />
    </section>
    ${model.features && html`<section aria-busy=${importance.loading}>
      <h2>On a file</h2>
      <${Field} label="CSV with the columns of the model and its target">
        <input id="judge-file" type="file" accept=".csv,.tsv,.txt" onChange=${event => setData({ file: event.target.files[0] })} />
      <//>
      ${file && html`<p class="wrap" role="status">${file.name}: ${result ? `${number(result.examples)} rows.` : 'evaluating …'}
        ${file === kept?.file && ' The model was trained on most of them, so expect less of new ones.'}</p>`}
      <${Alert} problem=${problem ?? pairs.problem ?? importance.problem} />
      ${result?.warnings?.map(warning => html`<p class="notice wrap">${warning}</p>`)}
      <div class="halves">
        ${result?.byClass && html`<${Classes} ...${result} />`}
        ${pairs.data && html`<${Errors} pairs=${pairs.data} target=${model.target} />`}
        ${importance.data && html`<${Importance} ...${importance.data} />`}
      </div>
      ${file && (importance.loading || !measuring) && html`<button type="button" class="secondary"
        onClick=${() => setMeasuring(!measuring)}>${measuring ? 'Cancel the importance' : 'Measure the importance'}</button>`}
    </section>`}`;
}

function Classes({ classes, confusionMatrix, byClass }) {
  const table = () => ({ head: ['actual', ...classes], rows: classes.map((name, i) => [name, ...confusionMatrix[i]]) });
  const rows = classes.map(name => [name, ...['precision', 'recall', 'f1', 'examples'].map(each => byClass[name][each])]);
  return html`
    ${confusionMatrix && classes.length <= MOST_CLASSES && html`<${Chart} id="confusion" title="Confusion matrix" table=${table}>
      <${Matrix} names=${classes} counts=${confusionMatrix} />
    <//>`}
    <section><h3>By class</h3>
      <${Table} id="by-class" label="By class" head=${['class', 'precision', 'recall', 'F1', 'rows']} rows=${rows} /></section>`;
}

/** Targets and predictions of rows that have both; dates as days. */
function pairsOf({ names, rows, decimal }, target) {
  const value = cell => (cell === '' ? NaN : Number(decimal === ',' ? cell.replace(',', '.') : cell));
  const [actual, predicted] = [names.indexOf(target), names.length - 1];
  const step = Math.ceil(rows.length / MOST_POINTS);
  return rows.filter((_, i) => i % step === 0).map(row => [value(row[actual]), value(row[predicted])])
    .filter(pair => pair.every(Number.isFinite));
}

function Errors({ pairs, target }) {
  const residuals = pairs.map(([actual, predicted]) => actual - predicted).sort((a, b) => a - b);
  const step = niceStep((residuals.at(-1) - residuals[0]) / 15 || 1);
  const bins = new Map();
  residuals.map(each => Math.floor(each / step)).forEach(bin => bins.set(bin, (bins.get(bin) ?? 0) + 1));
  const items = [...bins].map(([bin, value]) => ({ name: `${number(bin * step)} … ${number((bin + 1) * step)}`, value }));
  return html`
    <${Chart} id="actual" title="Predicted against actual" note=${target} table=${{ head: ['actual', 'predicted'], rows: pairs }}>
      <${Points} points=${pairs} xName="actual" yName="predicted" />
    <//>
    <${Chart} id="residuals" title="Residuals" note="actual − predicted"
      table=${{ head: ['residual', 'rows'], rows: items.map(({ name, value }) => [name, value]) }}>
      <${Bars} label="Residuals" items=${items} />
    <//>`;
}

function Importance({ features, metric, repeats }) {
  const items = features.map(({ name, mean: value, deviation }) => ({ name, value, deviation }));
  return html`<${Chart} id="importance" title="Importance" note=${`loss of ${metric} without a feature, ${repeats} times`}
    table=${{ head: ['feature', 'importance', 'deviation'], rows: items.map(Object.values) }}>
    <${Bars} label="Importance" items=${items} />
  <//>`;
}
