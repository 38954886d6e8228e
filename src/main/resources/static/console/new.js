// View New: a table, what is to be learned from it, and the network that learns it.
import { html, useMemo, useState } from './vendor/htm-preact.js';
import { columnsOf, proposeTarget, read, taskOf } from './csv.js';
import { createAndTrain, freeId, modelIds } from './examples.js';
import { Problem } from './http.js';
import { chosen, DropZone } from './start.js';
import { Alert, Field, number, percent, useAction, useLoad, useView } from './ui.js';

const SHOWN_ROWS = 10;
const SHOWN_COLUMNS = 200;
const DEFAULTS = {
  kind: 'layers', hidden: '64, 32', activation: 'relu', layerCount: '2', validation: '0.2', epochs: '100',
  learningRate: '', patience: '', seed: '42',
};
const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const ACTIVATIONS = ['relu', 'leaky_relu', 'elu', 'gelu', 'selu', 'tanh', 'sigmoid', 'linear'];

/** "Penguins (1).csv" → penguins-1 */
const idOf = file => file.name.toLowerCase().replace(/\.\w+$/, '').replace(/[^a-z0-9]+/g, '-')
  .replace(/^-|-$/g, '').slice(0, 60) || 'model';

const bytes = size => {
  const [unit, factor] = size >= 1e6 ? ['megabyte', 1e6] : ['kilobyte', 1e3];
  return (size / factor).toLocaleString(undefined, { style: 'unit', unit, maximumFractionDigits: size < 1e4 ? 1 : 0 });
};

export default function New() {
  const [file, setFile] = useState(chosen.file);
  const { data, problem, loading } = useLoad(
    async signal => file && Promise.all([read(file), modelIds(signal)]), [file]);
  useView('new', 'New model', !loading);
  const choose = next => setFile(chosen.file = next);
  const [table, ids] = data ?? [];
  return html`
    <h1 tabindex="-1">New model</h1>
    <${DropZone} onFile=${choose}>
      <strong>${file?.name ?? 'Drop a CSV file here'}</strong>
      <span>${file ? `${bytes(file.size)} · choose another file` : 'or choose one'}</span>
    <//>
    <${Alert} problem=${problem} />
    ${table && !loading && html`<${Form} key=${file} file=${file} table=${table} ids=${ids} />`}`;
}

function Form({ file, table, ids }) {
  const [values, setValues] = useState({ ...DEFAULTS, id: freeId(idOf(file), ids), decimal: table.decimal });
  const [types, setTypes] = useState({});
  const columns = useMemo(() => columnsOf(table, values.decimal), [table, values.decimal]);
  const [proposed, reason] = useMemo(() => proposeTarget(columns), [columns]);
  const target = columns.find(({ name }) => name === (values.target ?? proposed)) ?? columns[0];
  const goal = taskOf(target);
  const task = values.task ?? goal.task;
  const typeOf = ({ name, type }) => types[name] ?? type;
  const features = columns.filter(column => column !== target && column.name);
  const invalid = features.find(column => typeOf(column) === 'numeric' && column.invalid);

  const [train, running, problem] = useAction(() => {
    const { id, kind, hidden, activation, layerCount, learningRate, seed } = values;
    requireValid(values, columns, ids);
    const network = kind === 'count' ? { layerCount: Number(layerCount) } : {
      hidden: hidden.split(/[\s,;]+/).filter(Boolean).map(each => (isNaN(each) ? each : Number(each))),
      activation: activation === 'relu' ? undefined : activation,
    };
    const model = { id, ...network, learningRate: learningRate ? Number(learningRate) : undefined, seed: Number(seed) };
    const changed = features.filter(column => typeOf(column) !== column.inferred);
    const query = {
      target: target.name,
      task: task === goal.inferred ? null : task,
      ...Object.fromEntries(changed.map(column => [`columns.${column.name}`, typeOf(column)])),
      decimal: values.decimal === '.' ? null : values.decimal,
      invalidCells: invalid ? 'missing' : null,
      epochs: values.epochs,
      validationSplit: values.validation,
      'earlyStopping.patience': values.patience,
    };
    return createAndTrain(model, { body: file, query });
  });

  const set = (name, value) => setValues(before => ({ ...before, [name]: value }));
  const bind = name => ({ id: name, value: values[name], onInput: event => set(name, event.target.value) });
  const field = (label, pointer, control, hint) =>
    html`<${Field} label=${label} pointer=${pointer} problem=${problem} hint=${hint}>${control}<//>`;
  const input = (label, name, pointer, hint, step = 1) => field(label, pointer,
    html`<input type="number" step=${step} min="0" ...${bind(name)} />`, hint);
  const submit = event => {
    event.preventDefault();
    train();
  };
  const rest = columns.length - SHOWN_COLUMNS;
  return html`<form class="new" noValidate onSubmit=${submit}>
    <section>
      <div class="scroll" role="region" aria-label="First rows" tabindex="0">
        <table id="preview">
          <thead><tr>${columns.slice(0, SHOWN_COLUMNS).map(column => html`<${Head} column=${column}
            target=${column === target} type=${typeOf(column)} rows=${table.rows.length} problem=${problem}
            onType=${type => setTypes({ ...types, [column.name]: type })} />`)}</tr></thead>
          <tbody>${table.rows.slice(0, SHOWN_ROWS).map(row => html`<tr>
            ${columns.slice(0, SHOWN_COLUMNS).map((column, i) => html`
              <td class=${column.numbers ? 'number' : ''} title=${row[i]}>${row[i]}</td>`)}
          </tr>`)}</tbody>
        </table>
      </div>
      <p><small>
        ${table.whole ? '' : 'The first '}${number(table.rows.length)} rows, ${number(columns.length)} columns
        ${rest > 0 && `, of which ${number(rest)} are not shown`}
        ${!table.whole && '. Types and gaps are those of this part of the file.'}
      </small></p>
      ${invalid && html`<p><small>Cells of numeric columns that are no numbers, such as
        “${invalid.invalid.slice(0, 40)}” in ${invalid.name.slice(0, 40)}, are taken as missing.</small></p>`}
    </section>
    <section>
      ${field('Column to predict', 'target', html`<select id="target" value=${target.name}
        onChange=${event => setValues({ ...values, target: event.target.value, task: undefined })}>
        ${columns.filter(({ name }) => name).map(({ name }) => html`<option value=${name}>${name.slice(0, 80)}</option>`)}
      </select>`, values.target ? null : reason)}
      ${field('Task', 'task', html`<select ...${bind('task')} value=${task}>
        <option value="classification">classification</option><option value="regression">regression</option>
      </select>`, goal.reason)}
      ${field('Name', 'id', html`<input maxlength="64" spellcheck="false" ...${bind('id')} />`)}
      ${field('Network', 'kind', html`<select ...${bind('kind')}>
        <option value="layers">By layers (as of today)</option>
        <option value="count">By count (the article's)</option>
      </select>`)}
      ${values.kind === 'count' ? input('Layers with weights', 'layerCount', 'layerCount') : html`<div class="grid">
        ${field('Hidden units', 'hidden', html`<input ...${bind('hidden')} />`, 'Per layer')}
        ${field('Activation', 'activation', html`<select ...${bind('activation')}>
          ${ACTIVATIONS.map(name => html`<option value=${name}>${name}</option>`)}
        </select>`)}
      </div>`}
      <div class="grid">
        ${input('Epochs', 'epochs', 'epochs')}
        ${input('Validation share', 'validation', 'validationSplit', null, 0.05)}
      </div>
      <details>
        <summary>More options</summary>
        ${input('Learning rate', 'learningRate', 'learningRate',
          `Empty: ${values.kind === 'count' ? 0.06 : 0.001}`, 'any')}
        ${input('Stop early after epochs without improvement', 'patience', 'earlyStopping', 'Empty: never')}
        ${input('Seed', 'seed', 'seed', 'The same seed and data give the same network')}
        ${field('Decimal separator', 'decimal', html`<select ...${bind('decimal')}>
          <option value=".">point</option><option value=",">comma</option>
        </select>`)}
      </details>
      <${Alert} problem=${problem} />
      <button id="train" aria-busy=${running} disabled=${running}>Train</button>
    </section>
  </form>`;
}

function requireValid({ id }, columns, ids) {
  const detail = !ID.test(id) ? 'must have only a–z, 0–9, “.”, “_” and “-”, and begin with a letter or digit'
    : ids.includes(id) ? `there is a model ${id} already; choose another name` : null;
  if (detail) {
    throw new Problem(0, { title: 'Choose another name', detail, errors: [{ pointer: 'id', detail }] });
  }
  const long = columns.find(({ name }) => name.length > 256);
  if (long) {
    throw new Problem(0, { detail: `column "${long.name.slice(0, 20)}…" has a name of more than 256 characters` });
  }
}

/** The head of a column of the preview: name, type, gaps, and a problem that names it. */
function Head({ column, target, type, rows, problem, onType }) {
  const { name, gaps, reason } = column;
  const error = name && problem?.message.includes(`column "${name}"`);
  return html`<th scope="col">
    <span class="long" title=${name}>${name || 'no name'}</span>
    <select data-column=${name} aria-label="Type of ${name}" disabled=${target || !name}
      value=${target ? (column.numbers ? 'numeric' : 'categorical') : type} onChange=${event => onType(event.target.value)}>
      ${['numeric', 'categorical', 'ignore'].map(each => html`<option value=${each}>${each}</option>`)}
    </select>
    <small>${target ? 'to predict' : type === 'ignore' && reason}
      ${gaps > 0 && html` <span title="${number(gaps)} gaps">${percent(gaps / rows)} missing</span>`}</small>
    ${error && html`<small role="alert" class="error" data-pointer=${name}>${problem.message}</small>`}
  </th>`;
}
