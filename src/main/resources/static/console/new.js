// View New: a table, what is to be learned from it, and the network that learns it.
import { html, useMemo, useState } from './vendor/htm-preact.js';
import { columnsOf, proposeTarget, read, taskOf } from './csv.js';
import { createAndTrain, freeId, modelIds } from './examples.js';
import { chosen, DropZone } from './start.js';
import { Alert, Field, number, percent, useAction, useLoad, useView } from './ui.js';

const SHOWN_ROWS = 10;
const SHOWN_COLUMNS = 200;
const MAX_NAME = 256; // characters that the server takes as the name of a column
const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const ACTIVATIONS = ['relu', 'leaky_relu', 'elu', 'gelu', 'selu', 'tanh', 'sigmoid', 'linear'];
const DEFAULTS = {
  kind: 'layers', hidden: '64, 32', activation: 'relu', layerCount: '2', validation: '0.2', epochs: '100',
  learningRate: '', patience: '', seed: '42',
};

/** "Penguins (1).csv" → penguins-1 */
const idOf = file => file.name.replace(/\.\w+$/, '').toLowerCase().replace(/[^a-z0-9]+/g, '-')
  .replace(/^-|-$/g, '').slice(0, 60) || 'model';

export default function New() {
  const [file, setFile] = useState(chosen.file);
  const { data, problem, loading } = useLoad(
    async signal => file && Promise.all([read(file), modelIds(signal)]), [file]);
  useView('new', 'New model', !loading);
  return html`
    <h1 tabindex="-1">New model</h1>
    <${DropZone} small=${file} onFile=${next => setFile(chosen.file = next)}>
      <strong>${file?.name ?? 'Drop a CSV file here'}</strong>
      <span>${file ? `${number(Math.ceil(file.size / 1000))} kB · choose another` : 'or choose one'}</span>
    <//>
    <${Alert} problem=${problem} />
    ${data && !loading && html`<${Form} file=${file} table=${data[0]} ids=${data[1]} />`}`;
}

function Form({ file, table, ids }) {
  const [values, setValues] = useState({ ...DEFAULTS, name: freeId(idOf(file), ids), decimal: table.decimal });
  const [types, setTypes] = useState({});
  const columns = useMemo(() => columnsOf(table, values.decimal), [table, values.decimal]);
  const [proposed, reason] = proposeTarget(columns);
  const target = columns.find(({ name }) => name === (values.target ?? proposed)) ?? columns[0];
  const goal = taskOf(target);
  const task = values.task ?? goal.task;
  const typeOf = ({ name, type }) => types[name] ?? type;
  const features = columns.filter(column => column !== target && column.name);
  const invalid = features.find(column => typeOf(column) === 'numeric' && column.invalid);
  const wrongName = !ID.test(values.name) ? 'Takes a–z, 0–9, “.”, “_” and “-”, and begins with a letter or digit'
    : ids.includes(values.name) && 'A model has this name';

  const [train, running, problem] = useAction(() => {
    const { name, kind, hidden, activation, layerCount, learningRate, seed } = values;
    const network = kind === 'count' ? { layerCount: Number(layerCount) } : {
      hidden: hidden.split(/[\s,;]+/).filter(Boolean).map(each => (isNaN(each) ? each : Number(each))),
      activation: activation === 'relu' ? undefined : activation,
    };
    const rate = learningRate === '' ? {} : { learningRate: Number(learningRate) };
    const changed = features.filter(column => typeOf(column) !== column.inferred);
    return createAndTrain({ id: name, ...network, ...rate, seed: Number(seed) }, {
      body: file,
      query: {
        target: target.name,
        task: task === goal.inferred ? null : task,
        ...Object.fromEntries(changed.map(column => [`columns.${column.name}`, typeOf(column)])),
        decimal: values.decimal === '.' ? null : values.decimal,
        invalidCells: invalid ? 'missing' : null,
        epochs: values.epochs,
        validationSplit: values.validation,
        'earlyStopping.patience': values.patience,
      },
    });
  });

  const set = name => event => setValues({ ...values, [name]: event.target.value });
  const field = (label, pointer, control, hint) =>
    html`<${Field} label=${label} pointer=${pointer} problem=${problem} hint=${hint}>${control}<//>`;
  const input = (label, name, pointer, hint, step = 1) => field(label, pointer,
    html`<input id=${name} type="number" min="0" step=${step} value=${values[name]} onInput=${set(name)} />`, hint);
  const select = (label, name, options, hint, value = values[name]) => field(label, name,
    html`<select id=${name} value=${value} onChange=${set(name)}>
      ${options.map(([each, text = each]) => html`<option value=${each}>${text}</option>`)}
    </select>`, hint);
  const shown = columns.slice(0, SHOWN_COLUMNS);
  return html`<form class="new" noValidate onSubmit=${event => train(event.preventDefault())}>
    <section>
      <div class="scroll" role="region" aria-label="First rows" tabindex="0">
        <table id="preview">
          <thead><tr>${shown.map(column => html`<${Head} column=${column} target=${column === target}
            type=${typeOf(column)} rows=${table.rows.length} problem=${problem}
            onType=${event => setTypes({ ...types, [column.name]: event.target.value })} />`)}</tr></thead>
          <tbody>${table.rows.slice(0, SHOWN_ROWS).map(row => html`<tr>${shown.map(({ numbers }, i) => html`
            <td class=${numbers ? 'number' : ''} title=${row[i]}>${row[i]}</td>`)}</tr>`)}</tbody>
        </table>
      </div>
      <p><small>
        ${!table.whole && 'The first '}${number(table.rows.length)} rows,
        ${shown.length < columns.length && ` ${number(shown.length)} of`} ${number(columns.length)} columns.
        ${invalid && ` Cells that are no numbers, such as “${invalid.invalid.slice(0, 40)}”, are taken as missing.`}
      </small></p>
    </section>
    <section>
      ${select('Column to predict', 'target', features.concat(target).map(({ name }) => [name, name.slice(0, 80)]),
        !values.target && reason, target.name)}
      ${select('Task', 'task', [['classification'], ['regression']], goal.reason, task)}
      <${Field} label="Name" pointer="id"
        problem=${wrongName ? { errors: [{ pointer: 'id', detail: wrongName }] } : problem}>
        <input id="name" maxlength="64" spellcheck="false" value=${values.name} onInput=${set('name')} />
      <//>
      ${select('Network', 'kind', [['layers', 'By layers, as of today'], ['count', 'By count, the article’s']])}
      ${values.kind === 'count' ? input('Layers with weights', 'layerCount', 'layerCount') : html`<div class="grid">
        ${field('Units of hidden layers', 'hidden',
          html`<input id="hidden" value=${values.hidden} onInput=${set('hidden')} />`)}
        ${select('Activation', 'activation', ACTIVATIONS.map(name => [name]))}
      </div>`}
      <div class="grid">
        ${input('Epochs', 'epochs', 'epochs')}
        ${input('Validation share', 'validation', 'validationSplit', null, 0.05)}
      </div>
      <details>
        <summary>More options</summary>
        ${input('Learning rate', 'learningRate', 'learningRate', `Else ${values.kind === 'count' ? 0.06 : 0.001}`, 'any')}
        ${input('Stop after epochs without improvement', 'patience', 'earlyStopping', 'Else never')}
        ${input('Seed', 'seed', 'seed', 'The same seed and data give the same network')}
        ${select('Decimal separator', 'decimal', [['.', 'point'], [',', 'comma']])}
      </details>
      <${Alert} problem=${problem} />
      <footer><button id="train" aria-busy=${running}
        disabled=${running || wrongName || columns.some(({ name }) => name.length > MAX_NAME)}>Train</button></footer>
    </section>
  </form>`;
}

/** The head of a column of the preview: name, type, gaps, and a problem that names it. */
function Head({ column: { name, numbers, gaps, reason }, target, type, rows, problem, onType }) {
  const error = name.length > MAX_NAME ? `The name has more than ${MAX_NAME} characters`
    : problem?.message.includes(`column "${name}"`) && problem.message;
  return html`<th scope="col" class=${target ? 'target' : type}>
    <span class="long" title=${name}>${name || 'no name'}</span>
    <select data-column=${name} aria-label="Type of ${name}" disabled=${target || !name}
      value=${target ? (numbers ? 'numeric' : 'categorical') : type} onChange=${onType}>
      ${['numeric', 'categorical', 'ignore'].map(each => html`<option value=${each}>${each}</option>`)}
    </select>
    <small>${[
      target ? 'to predict' : type === 'ignore' && reason,
      gaps > 0 && `${percent(gaps / rows)} missing (${number(gaps)})`,
    ].filter(Boolean).join(', ')}</small>
    ${error && html`<small role="alert" class="error" data-pointer=${name}>${error}</small>`}
  </th>`;
}
