// Tab Network of a model, and the drawing of a small network.
import { html } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, Chart, number, useLoad, useView, useWidth } from './ui.js';

const MAX_UNITS = 16; // of a layer that is drawn
const MAX_WEIGHTS = 600;
const SETTINGS = [
  'task', 'target', 'classes', 'loss', 'optimizer', 'learningRate', 'learningRateSchedule', 'batchSize', 'shuffle',
  'standardize', 'initializer', 'l1', 'l2', 'globalClipNorm', 'seed', 'epochs', 'description', 'tags',
];

const numbered = (count, name) => Array.from({ length: count }, (_, i) => `${name}${i + 1}`);
const layerName = (layer, count) => (layer === 0 ? 'Inputs' : layer === count ? 'Output' : `Hidden ${layer}`);
const sign = value => (value < 0 ? 'negative' : 'positive');

/** The names of the units of all layers, from those of the inputs and outputs. */
export const unitNames = (inputs, hidden, outputs) =>
  [inputs, ...hidden.map((count, i) => numbered(count, `Hidden ${i + 1}, unit `)), outputs];

/**
 * A network as lines and circles: wide lines are large weights, and units are filled by their biases. Without layers
 * [{weights, biases}] all lines are equal. Above each column of units is head(column).
 */
export function Drawing({ names, layers = [], head, running }) {
  const [ref, width] = useWidth();
  const most = Math.max(4, ...names.map(each => each.length));
  const gap = most > 8 ? 30 : 44;
  const longest = Math.max(...[...names[0], ...names.at(-1)].map(name => name.length));
  const margin = Math.min(width / 3, 150, 30 + 7 * longest);
  const short = name => (name.length > margin / 7 - 3 ? `${name.slice(0, margin / 7 - 4)}…` : name);
  const x = column => margin + (column * (width - 2 * margin)) / (names.length - 1);
  const y = (column, unit) => gap * (most / 2 + unit - (names[column].length - 1) / 2);
  const largest = Math.max(...layers.flatMap(({ weights }) => weights.flat().map(Math.abs)));
  const line = (column, from, unit) => {
    const weight = layers[column]?.weights[unit][from];
    const share = weight == null ? 0.1 : Math.abs(weight) / largest;
    const middle = (x(column) + x(column + 1)) / 2;
    const [y0, y1] = [y(column, from), y(column + 1, unit)];
    return html`<path class=${weight == null ? '' : sign(weight)}
      stroke-width=${0.6 + 5 * share} opacity=${0.3 + 0.7 * share}
      d="M${x(column)} ${y0}C${middle} ${y0} ${middle} ${y1} ${x(column + 1)} ${y1}" />`;
  };
  const unit = (name, column, i) => {
    const bias = layers[column - 1]?.biases[i];
    const side = column === 0 ? -1 : column === names.length - 1 ? 1 : 0; // of the name
    return html`<g transform="translate(${x(column)} ${y(column, i)})">
      <title>${name}${bias != null && `: bias ${number(bias)}`}</title>
      <circle r=${gap / 3} />
      ${bias != null && html`
        <circle r=${gap / 3} class=${sign(bias)} fill-opacity=${Math.min(0.8, Math.abs(bias))} />`}
      ${side !== 0 && html`<text x=${side * (gap / 3 + 6)} y="4" text-anchor=${side < 0 ? 'end' : 'start'}>
        ${short(name)}</text>`}
    </g>`;
  };
  return html`<div class="net" ref=${ref}>
    ${names.map((_, column) => html`<div class="top" style=${{ left: `${x(column)}px` }}>${head(column)}</div>`)}
    <svg id="network" class=${running && 'running'} width=${width} height=${most * gap} role="img" aria-label="Network">
      ${names.slice(1).map((to, column) =>
        names[column].map((_, from) => to.map((__, i) => line(column, from, i))))}
      ${names.map((each, column) => each.map((name, i) => unit(name, column, i)))}
    </svg>
    <ul class="legend">
      <li class="positive">positive weight</li>
      <li class="negative">negative weight</li>
    </ul>
  </div>`;
}

/** All weights and biases. */
export const parameterTable = (names, layers = []) => ({
  head: ['To', 'From', 'Value'],
  rows: layers.flatMap(({ weights, biases }, layer) => weights.flatMap((row, unit) =>
    [biases[unit], ...row].map((value, i) => [names[layer + 1][unit], i ? names[layer][i - 1] : 'bias', value]))),
});

/** An input is a numeric feature, or a category of one. */
function namesOf({ features, classes, target, inputs, outputs, layers }) {
  const named = (features ?? []).flatMap(({ name, categories, gaps }) =>
    categories ? [...categories, ...(gaps ? ['missing'] : [])].map(each => `${name} = ${each}`) : name);
  const output = classes?.slice(-outputs) ?? (outputs === 1 ? [target ?? 'y'] : numbered(outputs, 'y'));
  const hidden = layers.slice(0, -1).map(layer => layer.units);
  return unitNames(named.length === inputs ? named : numbered(inputs, 'x'), hidden, output);
}

/** What is too large to be drawn, or not known yet: a box per layer. */
function Boxes({ layers }) {
  return html`<ol id="network" class="boxes">
    ${layers.map(({ units, activation, dropout, parameters }, i) => html`<li>
      <strong>${layerName(i, layers.length - 1)}</strong>
      <span>${units == null ? '?' : number(units)}</span>
      <small>${activation}${dropout > 0 && `, dropout ${number(dropout)}`}</small>
      ${parameters != null && html`
        <small>${number(layers[i - 1].units)} × ${number(units)} weights</small>
        <small>${number(parameters)} parameters</small>`}
    </li>`)}
  </ol>`;
}

function textOf(value) {
  if (typeof value === 'object' && !Array.isArray(value)) {
    const { type, ...others } = value;
    return [type, ...Object.entries(others).map(([name, each]) => `${name} ${each}`)].filter(Boolean).join(', ');
  }
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : [value].flat().join(', ');
}

export default function Network({ model }) {
  const layers = [{ units: model.inputs }, ...model.layers];
  const weights = layers.slice(1).reduce((sum, { units }, i) => sum + units * layers[i].units, 0);
  const isSmall = layers.every(({ units }) => units > 0 && units <= MAX_UNITS) && weights <= MAX_WEIGHTS;
  const { data, problem, loading } = useLoad(
    async signal => isSmall && (await call('GET', modelPath(model.id, 'parameters'), { signal })).layers,
    [model.id, model.version],
  );
  useView('network', model.id, !loading);
  const names = data && namesOf(model);
  const head = column => html`<small>${layers[column].activation}</small>`;
  const settings = SETTINGS.filter(name => model[name] != null && model[name] !== 0)
    .map(name => [name, textOf(model[name])]).filter(([, text]) => text);
  return html`
    <${Alert} problem=${problem} />
    ${data && html`
      <${Chart} title="Weights" note=${`${model.parameters} parameters`} table=${() => parameterTable(names, data)}>
        <${Drawing} names=${names} layers=${data} head=${head} />
      <//>`}
    ${data === false && html`<${Boxes} layers=${layers} />`}
    <h2>Settings</h2>
    <dl class="figures small settings">
      ${settings.map(([name, text]) => html`<div>
        <dt>${name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)}</dt>
        <dd class="wrap">${text}</dd>
      </div>`)}
    </dl>`;
}
