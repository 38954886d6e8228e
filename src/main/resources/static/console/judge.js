// Tab Judge of a model: the metrics of its training, and how it does on a file.
import { html, useState } from './vendor/htm-preact.js';
import { axisOf, Bars, Matrix, niceStep, Points } from './charts.js';
import { read } from './csv.js';
import { call, modelPath } from './http.js';
import { Alert, Chart, FileField, files, number, Table, useLoad, useView, Warnings, words } from './ui.js';

const MOST_CLASSES = 50; // of a confusion matrix
const MOST_POINTS = 2000;

export default function Judge({ model }) {
  const [{ file, invalidCells }, setData] = useState(files.get(model.id) ?? {});
  const send = (operation, signal, headers = {}) => call('POST', modelPath(model.id, operation), {
    query: { invalidCells }, body: file, headers: { 'Content-Type': 'text/csv', ...headers }, signal,
  });
  const { data: result, problem } = useLoad(async signal => {
    const evaluation = file && await send('evaluate', signal);
    const predicted = evaluation?.metrics.r2 != null && await send('predict', signal, { Accept: 'text/csv' });
    return { ...evaluation, pairs: predicted && pairsOf(await read(predicted), model.target) };
  }, [file]);
  const importance = useLoad(async signal => file && send('importance', signal), [file]);
  useView('judge', model.id, Boolean(result ?? problem));
  const { validationMetrics: validation, trainingMetrics: training } = model;
  const held = model.ensemble.by === 'fold' ? 'out of fold' : 'validation';
  const sets = Object.entries({ [held]: validation, training, file: result?.metrics }).filter(([, each]) => each);
  return html`
    <section>
      <h2>Metrics</h2>
      <${Table} id="metrics" label="Metrics" head=${['metric', ...sets.map(([part]) => part)]}
        rows=${Object.keys(sets.at(-1)?.[1] ?? {}).map(name =>
          [words(name), ...sets.map(([, metrics]) => metrics[name])])} />
    </section>
    ${model.features && html`<section>
      <h2>On a file</h2>
      <${FileField} id="judge-file" label="CSV with the columns of the model and its target"
        onFile=${chosen => setData({ file: chosen })} />
      ${file && result?.metrics && html`<p class="wrap">${file.name}: ${number(result.examples)} rows</p>`}
      <${Alert} problem=${problem ?? importance.problem} />
      <${Warnings} texts=${result?.warnings} />
      <div class="halves">
        ${result?.byClass && html`<${Classes} ...${result} />`}
        ${result?.pairs?.length > 0 && html`<${Errors} pairs=${result.pairs} target=${model.target} />`}
        ${importance.data && html`<${BarChart} id="importance" title="Importance"
          note="${importance.data.metric} lost without it" head=${['feature', 'importance', 'deviation']}
          items=${importance.data.features.map(({ name, mean, deviation }) =>
            ({ name, value: mean, deviation }))} />`}
      </div>
      ${file && importance.loading && html`<p aria-busy="true">Measuring the importance of the columns</p>`}
    </section>`}`;
}

function BarChart({ head, items, ...chart }) {
  return html`<${Chart} ...${chart} table=${() => ({ head, rows: items.map(Object.values) })}>
    <${Bars} label=${chart.title} items=${items} />
  <//>`;
}

function Classes({ classes, confusionMatrix: counts, byClass }) {
  return html`
    ${counts && classes.length <= MOST_CLASSES && html`
      <${Chart} id="confusion" title="Confusion matrix"
        table=${() => ({ head: ['actual', ...classes], rows: counts.map((row, i) => [classes[i], ...row]) })}>
        <${Matrix} names=${classes} counts=${counts} />
      <//>`}
    <section>
      <h3>By class</h3>
      <${Table} id="by-class" label="By class" head=${['class', 'precision', 'recall', 'F1', 'rows']}
        rows=${Object.entries(byClass).map(([name, metrics]) => [name, ...Object.values(metrics)])} />
    </section>`;
}

/** Targets and predictions of a sample of the rows. */
function pairsOf({ names, rows }, target) {
  const column = names.indexOf(target);
  const step = Math.ceil(rows.length / MOST_POINTS);
  return rows.filter((_, i) => i % step === 0)
    .map(row => [row[column], row.at(-1)].map(cell => parseFloat(cell.replace(',', '.'))))
    .filter(pair => pair.every(Number.isFinite));
}

function Errors({ pairs, target }) {
  const residuals = pairs.map(([actual, predicted]) => actual - predicted).sort((a, b) => a - b);
  const all = pairs.flat();
  const step = niceStep((residuals.at(-1) - residuals[0]) / 15 || 1);
  const bins = Map.groupBy(residuals, each => step * Math.floor(each / step));
  const items = [...bins].map(([from, { length: value }]) =>
    ({ name: `${number(from)} … ${number(from + step)}`, value }));
  return html`
    <${Chart} id="actual" title="Predicted against actual" note=${target}
      table=${() => ({ head: ['actual', 'predicted'], rows: pairs })}>
      <${Points} diagonal points=${{ pairs }} x=${axisOf('actual', all)} y=${axisOf('predicted', all)} />
    <//>
    <${BarChart} id="residuals" title="Residuals" note="actual − predicted" items=${items}
      head=${['residual', 'rows']} />`;
}
