// Tab Judge of a model: the metrics of its training, and how it does on a file.
import { html, useState } from './vendor/htm-preact.js';
import { Bars, Matrix, niceStep, Points } from './charts.js';
import { read } from './csv.js';
import { call, modelPath } from './http.js';
import { Alert, Chart, Field, files, number, Table, useLoad, useView } from './ui.js';

const MEANINGS = {
  accuracy: 'share predicted right',
  subset_accuracy: 'share of rows with all labels right',
  balanced_accuracy: 'mean recall of the classes',
  log_loss: 'error of the probabilities',
  macro_f1: 'mean F1 of the classes',
  mcc: 'correlation with the truth',
  auc: 'chance that a positive row ranks first',
  average_precision: 'mean precision over the thresholds',
  mean_squared_error: 'mean squared error',
  mean_absolute_error: 'mean size of an error',
  root_mean_squared_error: 'the same, large errors count more',
  r2: 'share of the variation explained',
};
const LARGE = 10 << 20; // bytes, above which a file is sent only when it is chosen
const MOST_CLASSES = 50; // of a confusion matrix
const MOST_POINTS = 2000;

export default function Judge({ model }) {
  const kept = files.get(model.id);
  const [{ file, invalidCells }, setData] = useState(kept?.file.size < LARGE ? kept : {});
  const [measured, setMeasured] = useState(true);
  const send = (operation, signal, Accept = 'application/json') => call('POST', modelPath(model.id, operation),
    { query: { invalidCells }, body: file, headers: { 'Content-Type': 'text/csv', Accept }, signal });
  const evaluate = async signal => {
    const result = await send('evaluate', signal);
    return result.classes ? result : { ...result, pairs: pairsOf(await read(await send('predict', signal, 'text/csv')), model.target) };
  };
  const { data: result, loading, problem } = useLoad(async signal => file && evaluate(signal), [file]);
  const importance = useLoad(async signal => file && measured && send('importance', signal), [file, measured]);
  useView('judge', model.id, !loading);
  const sets = Object.entries({ validation: model.validationMetrics, training: model.trainingMetrics, file: result?.metrics })
    .filter(([, metrics]) => metrics);
  return html`
    <section id="metrics">
      <h2>Metrics</h2>
      <${Table} label="Metrics" head=${['metric', ...sets.map(([name]) => name), 'meaning']}
        rows=${Object.keys({ ...result?.metrics, ...model.trainingMetrics }).map(id =>
          [id.replaceAll('_', ' '), ...sets.map(([, metrics]) => metrics[id]), MEANINGS[id]])} />
    </section>
    ${model.features && html`<section>
      <h2>On a file</h2>
      <${Field} label="CSV with the columns of the model and its target">
        <input id="judge-file" type="file" accept=".csv,.tsv,.txt" onChange=${event => setData({ file: event.target.files[0] })} />
      <//>
      ${result && html`<p class="wrap">${file.name}: ${number(result.examples)} rows.
        ${file === kept?.file && ' The model was trained on most of them: expect less of new ones.'}</p>`}
      <${Alert} problem=${problem ?? importance.problem} />
      ${result?.warnings?.map(warning => html`<p class="notice wrap">${warning}</p>`)}
      <div class="halves">
        ${result?.byClass && html`<${Classes} ...${result} />`}
        ${result?.pairs?.length > 0 && html`<${Errors} ...${result} target=${model.target} />`}
        ${importance.data && html`<${Importance} ...${importance.data} />`}
      </div>
      ${file && (importance.loading || !measured) && html`<button type="button" class="secondary" aria-busy=${measured}
        onClick=${() => setMeasured(!measured)}>${measured ? 'Cancel the importance' : 'Measure the importance'}</button>`}
    </section>`}`;
}

function BarChart({ head, items, ...chart }) {
  return html`<${Chart} ...${chart} table=${{ head, rows: items.map(Object.values) }}>
    <${Bars} label=${chart.title} items=${items} />
  <//>`;
}

function Classes({ classes, confusionMatrix, byClass }) {
  const table = () => ({ head: ['actual', ...classes], rows: classes.map((name, i) => [name, ...confusionMatrix[i]]) });
  return html`
    ${confusionMatrix && classes.length <= MOST_CLASSES && html`<${Chart} id="confusion" title="Confusion matrix" table=${table}>
      <${Matrix} names=${classes} counts=${confusionMatrix} />
    <//>`}
    <section>
      <h3>By class</h3>
      <${Table} id="by-class" label="By class" head=${['class', 'precision', 'recall', 'F1', 'rows']}
        rows=${Object.entries(byClass).map(([name, { precision, recall, f1, examples }]) => [name, precision, recall, f1, examples])} />
    </section>`;
}

/** Targets and predictions of a sample of the rows. */
function pairsOf({ names, rows, decimal }, target) {
  const value = cell => (cell ? Number(decimal === ',' ? cell.replace(',', '.') : cell) : NaN);
  const step = Math.ceil(rows.length / MOST_POINTS);
  const pairs = rows.map(row => [value(row[names.indexOf(target)]), value(row.at(-1))]);
  return pairs.filter((pair, i) => i % step === 0 && pair.every(Number.isFinite));
}

function Errors({ pairs, target }) {
  const residuals = pairs.map(([actual, predicted]) => actual - predicted).sort((a, b) => a - b);
  const step = niceStep((residuals.at(-1) - residuals[0]) / 15 || 1);
  const counts = new Map();
  residuals.map(each => Math.floor(each / step)).forEach(bin => counts.set(bin, (counts.get(bin) ?? 0) + 1));
  return html`
    <${Chart} id="actual" title="Predicted against actual" note=${target} table=${{ head: ['actual', 'predicted'], rows: pairs }}>
      <${Points} points=${pairs} xName="actual" yName="predicted" />
    <//>
    <${BarChart} id="residuals" title="Residuals" note="actual − predicted" head=${['residual', 'rows']}
      items=${[...counts].map(([bin, value]) => ({ name: `${number(bin * step)} … ${number((bin + 1) * step)}`, value }))} />`;
}

function Importance({ features, metric, repeats }) {
  return html`<${BarChart} id="importance" title="Importance" note=${`${metric} lost without a feature, mean of ${repeats}`}
    head=${['feature', 'importance', 'deviation']}
    items=${features.map(({ name, mean, deviation }) => ({ name, value: mean, deviation }))} />`;
}
