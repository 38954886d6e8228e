// View New: a table, what is to be learned from it, and the network that learns it.
import { html, useState } from './vendor/htm-preact.js';
import { columnsOf, proposeTarget, read } from './csv.js';
import { createAndStart, freeId } from './examples.js';
import { SearchFields } from './search.js';
import { chosen } from './start.js';
import { Alert, controls, optionsOf, percent, Table, useAction, useLoad, useView } from './ui.js';

const TYPES = ['numeric', 'categorical', 'ignore'];
const ROWS = 8; // of the preview

/** The kinds of a network: fields of the request, and what a training has unless it is changed. */
const KINDS = {
  preset: { text: 'preset for tables', epochs: { placeholder: 256 }, validation: { placeholder: 'five folds' } },
  hidden: { text: 'by layers', label: 'Units of each hidden layer', size: '64, 32' },
  layerCount: { text: 'by count, as in the article', label: 'Layers', size: '2' },
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

function Form({ file, table, columns, id: proposedId }) {
  const [kind, setKind] = useState('preset');
  const [target, setTarget] = useState(() => proposeTarget(columns).name);
  const [start, running, problem] = useAction(async (form, operation) => {
    const { id, kind: _, size, strategy, trials, metric, ...options } = Object.fromEntries(new FormData(form));
    const numbers = size?.match(/\d+/g)?.map(Number) ?? [];
    for (const { name, inferred } of columns) {
      if (options[`columns.${name}`] === inferred) {
        delete options[`columns.${name}`];
      }
    }
    const value = { preset: 'tabular', hidden: numbers, layerCount: numbers[0] }[kind];
    await createAndStart({ id, [kind]: value, seed: 42 }, { ...options, decimal: table.decimal, file },
      operation, operation === 'search' ? { strategy, trials, metric } : {});
  });

  const { input, select } = controls(problem);
  const { label, size, epochs, validation } = KINDS[kind];
  const row = ({ name, type, typeAsTarget, gaps }, index) => [
    name,
    html`<select name=${name && `columns.${name}`} data-column=${name} aria-label="Type of ${name}">
      ${optionsOf(TYPES, name === target ? typeAsTarget : type)}
    </select>`,
    gaps > 0 ? percent(gaps) : '',
    ...table.rows.slice(0, ROWS).map(cells => cells[index] || null),
  ];
  const button = (id, text, look) => html`
    <button id=${id} class=${look} value=${id} aria-busy=${running} disabled=${running}>${text}</button>`;
  const submit = event => start(event.target, event.submitter.value, event.preventDefault());
  return html`<form class="new" onSubmit=${submit}>
    <section>
      <${Table} id="preview" label="Columns and first rows" rows=${columns.map(row)}
        head=${['Column', 'Type', 'Missing', ...table.rows.slice(0, ROWS).map((_, i) => `Row ${i + 1}`)]}
        attributes=${i => ({ class: columns[i].name === target && 'target' })} />
      <small class="wrap">${file.name}</small>
    </section>
    <section>
      ${select('Column to predict', 'target', optionsOf(columns.map(({ name }) => name), target),
        { onChange: event => setTarget(event.target.value) })}
      ${input('Name', 'id', {
        id: 'name',
        defaultValue: proposedId,
        required: true,
        pattern: '[a-z0-9][a-z0-9._\\-]{0,63}',
        title: 'a–z, 0–9, “.”, “_” and “-”',
      })}
      ${select('Network', 'kind', optionsOf(Object.keys(KINDS), kind, each => KINDS[each].text),
        { onChange: event => setKind(event.target.value) })}
      ${label && input(label, 'size', { key: kind, defaultValue: size, pattern: '[\\d, ]*' })}
      <div class="grid" key=${kind}>
        ${input('Epochs', 'epochs', epochs ?? { defaultValue: 100 })}
        ${input('Validation share', 'validationSplit', { id: 'validation', ...(validation ?? { defaultValue: 0.2 }) })}
      </div>
      <details>
        <summary>More options</summary>
        ${input('Learning rate', 'learningRate')}
        ${input('Stop after epochs without improvement', 'earlyStopping.patience')}
        ${input('Time limit in seconds', 'timeLimitSeconds')}
        <label>
          <input type="checkbox" name="invalidCells" value="missing" /> Words among numbers are missing values
        </label>
      </details>
      <details>
        <summary>Options of a search</summary>
        <${SearchFields} input=${input} select=${select} />
      </details>
      <${Alert} problem=${problem} />
      <footer>${button('train', 'Train')} ${button('search', 'Search for the best', 'secondary')}</footer>
    </section>
  </form>`;
}
