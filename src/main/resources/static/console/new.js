// View New: a table, what is to be learned from it, and the network that learns it.
import { html, useMemo, useState } from './vendor/htm-preact.js';
import { columnsOf, proposeTarget, read, taskOf } from './csv.js';
import { createAndTrain, freeId, modelIds } from './examples.js';
import { chosen, DropZone } from './start.js';
import { Alert, Field, number, percent, useAction, useLoad, useView } from './ui.js';

const TYPES = ['numeric', 'categorical', 'ignore'];
const TASKS = ['classification', 'regression'];
const ACTIVATIONS = ['relu', 'gelu', 'selu', 'tanh', 'sigmoid'];
const KINDS = ['by layers', 'by count'];

/** "Penguins (1).csv" → penguins-1 */
const idOf = file =>
  file.name.toLowerCase().replace(/\.\w+$/, '').match(/[a-z0-9]+/g)?.join('-').slice(0, 60) ?? 'model';

const optionsOf = (names, selected) =>
  names.map(name => html`<option value=${name} selected=${name === selected}>${name.slice(0, 80)}</option>`);

export default function New() {
  const [file, setFile] = useState(chosen.file);
  const { data, problem, loading } = useLoad(
    async signal => file && Promise.all([read(file), modelIds(signal)]), [file]);
  useView('new', 'New model', !loading);
  return html`
    <h1 tabindex="-1">New model</h1>
    <${DropZone} file=${file} onFile=${next => setFile(chosen.file = next)} />
    <${Alert} problem=${problem} />
    ${data && !loading && html`<${Form} file=${file} table=${data[0]} ids=${data[1]} />`}`;
}

function Form({ file, table, ids }) {
  const [kind, setKind] = useState(KINDS[0]);
  const [picked, setPicked] = useState(null);
  const columns = useMemo(() => columnsOf(table), [table]);
  const [proposed, reason] = proposeTarget(columns);
  const target = columns.find(({ name }) => name === (picked ?? proposed)) ?? columns[0];
  const goal = taskOf(target);

  const [train, running, problem] = useAction(form => {
    const values = Object.fromEntries(new FormData(form));
    const { id, hidden, activation, layerCount, learningRate, seed, kind: _, ...options } = values;
    const widths = hidden?.match(/[^\s,;]+/g)?.map(each => Number(each) || each) ?? [];
    const network = kind === KINDS[0]
      ? { hidden: widths, activation: widths.length > 0 ? activation : undefined }
      : { layerCount: Number(layerCount) };
    const rate = learningRate ? { learningRate: Number(learningRate) } : {};
    const inferred = { task: goal.inferred };
    columns.forEach(column => (inferred[`columns.${column.name}`] = column.inferred));
    const differing = Object.entries(options).filter(([name, value]) => value !== inferred[name]);
    const query = { ...Object.fromEntries(differing), decimal: table.decimal };
    return createAndTrain({ id, ...network, ...rate, seed: Number(seed) }, { body: file, query });
  });

  const field = (label, name, control, hint) =>
    html`<${Field} label=${label} pointer=${name} problem=${problem} hint=${hint}>${control}<//>`;
  const input = (label, name, value, hint, others) =>
    field(label, name, html`<input id=${name} name=${name} defaultValue=${value} ...${others} />`, hint);
  const select = (label, name, names, selected, hint, onPick) => field(label, name, html`
    <select id=${name} name=${name} onChange=${event => onPick?.(event.target.value)}>
      ${optionsOf(names, selected)}
    </select>`, hint);
  const checkName = name => name.setCustomValidity(ids.includes(name.value) ? 'A model has this name' : '');
  const named = columns.map(({ name }) => name).filter(Boolean);
  return html`<form class="new" onSubmit=${event => train(event.target, event.preventDefault())}>
    <section>
      <div class="scroll" role="region" aria-label="First rows" tabindex="0">
        <table id="preview">
          <thead><tr>${columns.map(each => html`<${Head} column=${each} target=${each === target}
            share=${each.gaps / table.rows.length} problem=${problem} />`)}</tr></thead>
          <tbody>${table.rows.slice(0, 10).map(row => html`<tr>${columns.map(({ inferred }, i) => html`
            <td class=${inferred === 'numeric' && 'number'} dir="auto" title=${row[i]}>${row[i]}</td>`)}
          </tr>`)}</tbody>
        </table>
      </div>
      <small>
        ${!table.whole && 'First '}${number(table.rows.length)} rows, ${number(columns.length)} columns
      </small>
    </section>
    <section>
      ${select('Column to predict', 'target', named, target.name, !picked && reason, setPicked)}
      ${select('Task', 'task', TASKS, goal.task, `${number(target.distinct)} different values`)}
      ${input('Name', 'id', freeId(idOf(file), ids), null, {
        id: 'name',
        required: true,
        pattern: '[a-z0-9][a-z0-9._\\-]{0,63}',
        title: 'a–z, 0–9, “.”, “_” and “-”',
        onInput: event => checkName(event.target),
      })}
      ${select('Network', 'kind', KINDS, kind, null, setKind)}
      <div class="grid">
        ${kind === KINDS[1] ? input('Layers', 'layerCount', 2) : [
          input('Units per hidden layer', 'hidden', '64, 32'),
          select('Activation', 'activation', ACTIVATIONS, 'relu'),
        ]}
      </div>
      <div class="grid">
        ${input('Epochs', 'epochs', 100)}
        ${input('Validation share', 'validationSplit', 0.2, null, { id: 'validation' })}
      </div>
      <details>
        <summary>More options</summary>
        ${input('Learning rate', 'learningRate', '', 'Empty: the default')}
        ${input('Epochs without improvement', 'earlyStopping.patience', '', 'Stops after them; empty: never')}
        ${input('Seed', 'seed', 42)}
        <label>
          <input type="checkbox" name="invalidCells" value="missing" /> Words among numbers are missing values
        </label>
      </details>
      <${Alert} problem=${problem} />
      <footer><button id="train" aria-busy=${running} disabled=${running}>Train</button></footer>
    </section>
  </form>`;
}

/** The head of a column of the preview: name, type, gaps, and a problem that names it. */
function Head({ column: { name, type, inferred, gaps, reason }, target, share, problem }) {
  const notes = [target ? 'to predict' : reason, gaps > 0 && `${number(gaps)} missing (${percent(share)})`];
  return html`<th scope="col" class=${target && 'target'}>
    <span class="long" dir="auto" title=${name}>${name}</span>
    <select name="columns.${name}" data-column=${name} aria-label="Type of ${name}"
      disabled=${target || !name}>
      ${optionsOf(TYPES, target ? inferred : type)}
    </select>
    <small>${notes.filter(Boolean).join(', ')}</small>
    ${problem?.message.includes(`column "${name}"`) && html`
      <small role="alert" class="error">${problem.message}</small>`}
  </th>`;
}
