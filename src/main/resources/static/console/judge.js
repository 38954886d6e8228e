// Tab Judge of a model: the metrics of its training, and how it does on a file.
import { html, useState } from './vendor/htm-preact.js';
import { Bars, Matrix, niceStep, Points } from './charts.js';
import { read } from './csv.js';
import { call, modelPath } from './http.js';
import { Alert, Chart, FileField, files, number, Table, useLoad, useView, Warnings } from './ui.js';

const MEANINGS = {
  accuracy: 'share predicted right',
  subset_accuracy: 'share of rows with all labels right',
  balanced_accuracy: 'mean recall of the classes',
  log_loss: 'error of the probabilities',
  macro_f1: 'mean F1 of the classes',
  mcc: 'correlation with the truth',
  auc: 'chance that a positive row ranks first',
  average_precision: 'mean precision over the thresholds',
  mean_absolute_error: 'mean size of an error',
  root_mean_squared_error: 'the same, large errors count more',
  r2: 'share of the variation explained',
};
const MOST_CLASSES = 50; // of a confusion matrix
const MOST_POINTS = 2000;

export default function Judge({ model }) {
  const kept = files.get(model.id);
  const [{ file, invalidCells }, setData] = useState(kept ?? {});
  const [measured, setMeasured] = useState(true);
  const send = (operation, signal, Accept = 'application/json') => {
    const headers = { 'Content-Type': 'text/csv', Accept };
    const options = { query: { invalidCells }, body: file, headers, signal };
    return call('POST', modelPath(model.id, operation), options);
  };
  const evaluate = async signal => {
    const result = await send('evaluate', signal);
    const predicted = result.classes ? null : await read(await send('predict', signal, 'text/csv'));
    return { ...result, pairs: predicted && pairsOf(predicted, model.target) };
  };
  const { data: result, loading, problem } = useLoad(async signal => file && evaluate(signal), [file]);
  const measure = async signal => file && measured && send('importance', signal);
  const importance = useLoad(measure, [file, measured]);
  useView('judge', model.id, !loading);
  const sets = [model.validationMetrics, model.trainingMetrics, result?.metrics];
  return html`
    <section>
      <h2>Metrics</h2>
      <${Table} id="metrics" label="Metrics" head=${['metric', 'validation', 'training', 'file', 'meaning']}
        rows=${Object.keys(Object.assign({}, ...sets)).map(id =>
          [id.replaceAll('_', ' '), ...sets.map(metrics => metrics?.[id]), MEANINGS[id] ?? ''])} />
    </section>
    ${model.features && html`<section>
      <h2>On a file</h2>
      <${FileField} id="judge-file" label="CSV with the columns of the model and its target"
        onFile=${chosen => setData({ file: chosen })} />
      ${result && html`<p class="wrap">${file.name}: ${number(result.examples)} rows.
        ${file === kept?.file && ' The model was trained on most of them: expect less of new ones.'}</p>`}
      <${Alert} problem=${problem ?? importance.problem} />
      <${Warnings} texts=${result?.warnings} />
      <div class="halves">
        ${result?.byClass && html`<${Classes} ...${result} />`}
        ${result?.pairs?.length > 0 && html`<${Errors} ...${result} target=${model.target} />`}
        ${importance.data && html`<${BarChart} id="importance" title="Importance"
          note=${`${importance.data.metric} lost without it`} head=${['feature', 'importance', 'deviation']}
          items=${importance.data.features.map(({ name, mean: value, deviation }) => ({ name, value, deviation }))} />`}
      </div>
      ${file && (importance.loading || !measured) && html`
        <button type="button" class="secondary" aria-busy=${measured} onClick=${() => setMeasured(!measured)}>
          ${measured ? 'Cancel the importance' : 'Measure the importance'}</button>`}
    </section>`}`;
}

function BarChart({ head, items, ...chart }) {
  return html`<${Chart} ...${chart} table=${{ head, rows: items.map(Object.values) }}>
    <${Bars} label=${chart.title} items=${items} />
  <//>`;
}

function Classes({ classes, confusionMatrix: counts, byClass }) {
  const table = () => ({ head: ['actual', ...classes], rows: counts.map((row, i) => [classes[i], ...row]) });
  const rows = Object.entries(byClass).map(([name, { precision, recall, f1, examples }]) =>
    [name, precision, recall, f1, examples]);
  return html`
    ${counts && classes.length <= MOST_CLASSES && html`
      <${Chart} id="confusion" title="Confusion matrix" table=${table}>
        <${Matrix} names=${classes} counts=${counts} />
      <//>`}
    <section>
      <h3>By class</h3>
      <${Table} id="by-class" label="By class" rows=${rows}
        head=${['class', 'precision', 'recall', 'F1', 'rows']} />
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
  const counts = {};
  residuals.forEach(each => {
    const from = Math.floor(each / step) * step;
    const name = `${number(from)} … ${number(from + step)}`;
    counts[name] = (counts[name] ?? 0) + 1;
  });
  const items = Object.entries(counts).map(([name, value]) => ({ name, value }));
  return html`
    <${Chart} id="actual" title="Predicted against actual" note=${target}
      table=${{ head: ['actual', 'predicted'], rows: pairs }}>
      <${Points} points=${pairs} />
    <//>
    <${BarChart} id="residuals" title="Residuals" note="actual − predicted" items=${items}
      head=${['residual', 'rows']} />`;
}
