// View New: a table, what is to be learned from it, and the network that learns it.
import { html, useState } from './vendor/htm-preact.js';
import { columnsOf, proposeTarget, read } from './csv.js';
import { createAndTrain, freeId } from './examples.js';
import { chosen } from './start.js';
import { Alert, Field, percent, Table, useAction, useLoad, useView } from './ui.js';

const TYPES = ['numeric', 'categorical', 'ignore'];
const ROWS = 8; // of the preview

/** The kinds of a network: fields of the request. */
const KINDS = {
  hidden: { text: 'by layers', label: 'Units of each hidden layer', initial: '64, 32' },
  layerCount: { text: 'by count, as in the article', label: 'Layers', initial: '2' },
};

/** "Penguins (1).csv" → penguins-1 */
const idOf = file =>
  file.name.toLowerCase().replace(/\.\w+$/, '').match(/[a-z0-9]+/g)?.join('-').slice(0, 60) ?? 'model';

async function load(file) {
  const table = await read(file);
  return { file, table, columns: columnsOf(table), id: await freeId(idOf(file)) };
}

export default function New() {
  const { data, problem, loading } = useLoad(async () => chosen.file && load(chosen.file));
  useView('new', 'New model', !loading);
  return html`
    <h1 tabindex="-1">New model</h1>
    <${Alert} problem=${problem} />
    ${data && html`<${Form} ...${data} />`}
    ${!data && !loading && html`<p class="empty"><a href="#/">Choose a CSV file</a></p>`}`;
}

const optionsOf = (values, selected, text = value => value) => values.map(value => html`
  <option value=${value} selected=${value === selected}>${text(value).slice(0, 80)}</option>`);

function Form({ file, table, columns, id: proposedId }) {
  const [kind, setKind] = useState('hidden');
  const [target, setTarget] = useState(() => proposeTarget(columns).name);
  const [train, running, problem] = useAction(form => {
    const { id, size, kind: _, ...options } = Object.fromEntries(new FormData(form));
    const numbers = size.match(/\d+/g)?.map(Number) ?? [];
    for (const { name, inferred } of columns) {
      if (options[`columns.${name}`] === inferred) {
        delete options[`columns.${name}`];
      }
    }
    const model = { id, [kind]: kind === 'hidden' ? numbers : numbers[0], seed: 42 };
    return createAndTrain(model, { ...options, decimal: table.decimal, file });
  });

  const field = (label, name, control) =>
    html`<${Field} label=${label} pointer=${name} problem=${problem}>${control}<//>`;
  const input = (label, name, value, others) =>
    field(label, name, html`<input id=${name} name=${name} defaultValue=${value} ...${others} />`);
  const select = (label, name, options, onPick) => field(label, name, html`
    <select id=${name} name=${name} onChange=${event => onPick(event.target.value)}>${options}</select>`);
  const row = ({ name, type, typeAsTarget, gaps }, index) => [
    name,
    html`<select name=${name && `columns.${name}`} data-column=${name} aria-label="Type of ${name}">
      ${optionsOf(TYPES, name === target ? typeAsTarget : type)}
    </select>`,
    gaps > 0 ? percent(gaps) : '',
    ...table.rows.slice(0, ROWS).map(cells => cells[index] || null),
  ];
  return html`<form class="new" onSubmit=${event => train(event.target, event.preventDefault())}>
    <section>
      <${Table} id="preview" label="Columns and first rows" rows=${columns.map(row)}
        head=${['Column', 'Type', 'Missing', ...table.rows.slice(0, ROWS).map((_, i) => `Row ${i + 1}`)]}
        attributes=${i => ({ class: columns[i].name === target && 'target' })} />
      <small class="wrap">${file.name}</small>
    </section>
    <section>
      ${select('Column to predict', 'target', optionsOf(columns.map(({ name }) => name), target), setTarget)}
      ${input('Name', 'id', proposedId, {
        id: 'name',
        required: true,
        pattern: '[a-z0-9][a-z0-9._\\-]{0,63}',
        title: 'a–z, 0–9, “.”, “_” and “-”',
      })}
      ${select('Network', 'kind', optionsOf(Object.keys(KINDS), kind, each => KINDS[each].text), setKind)}
      ${input(KINDS[kind].label, 'size', KINDS[kind].initial, { key: kind, pattern: '[\\d, ]*' })}
      <div class="grid">
        ${input('Epochs', 'epochs', 100)}
        ${input('Validation share', 'validationSplit', 0.2, { id: 'validation' })}
      </div>
      <details>
        <summary>More options</summary>
        ${input('Learning rate (default if empty)', 'learningRate')}
        ${input('Stop after epochs without improvement', 'earlyStopping.patience')}
        <label>
          <input type="checkbox" name="invalidCells" value="missing" /> Words among numbers are missing values
        </label>
      </details>
      <${Alert} problem=${problem} />
      <footer><button id="train" aria-busy=${running} disabled=${running}>Train</button></footer>
    </section>
  </form>`;
}
