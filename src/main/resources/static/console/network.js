// Tab Network of a model, and the drawing of a small network.
import { html } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, Chart, number, Table, textOf, useLoad, useView, useWidth } from './ui.js';

const MAX_PARAMETERS = 600; // of a network that is drawn
const MAX_UNITS = 16;
const GAP = 38; // from unit to unit, in pixels
const SETTINGS = ['task', 'target', 'preset', 'loss', 'networks', 'learningRate', 'batchSize', 'seed'];

const numbered = (count, name) => Array.from({ length: count }, (_, i) => `${name}${i + 1}`);

/**
 * A network as circles and lines, of which wide ones are large weights. Inputs and outputs are names, hidden the
 * units of each layer. Without parameters [{weights, biases}] all lines are equal. Above each layer is head(layer).
 */
export function Drawing({ title, note, inputs, hidden, outputs, parameters = [], head }) {
  const [ref, width] = useWidth();
  const layers = [inputs, ...hidden.map((count, i) => numbered(count, `Hidden ${i + 1}, unit `)), outputs];
  const height = GAP * Math.max(4, ...layers.map(units => units.length));
  const letters = Math.floor(Math.min(18, width / 21 - 4)); // of a name
  const margin = 30 + 7 * Math.min(letters, Math.max(...[...inputs, ...outputs].map(name => name.length)));
  const step = Math.max(60, (width - 2 * margin) / (layers.length - 1)); // from layer to layer
  const x = layer => margin + step * layer;
  const y = (layer, unit) => height / 2 + GAP * (unit - (layers[layer].length - 1) / 2);
  const largest = Math.max(...parameters.flatMap(({ weights }) => weights.flat().map(Math.abs)));
  const line = (layer, from, to) => {
    const weight = parameters[layer]?.weights[to][from];
    const share = weight == null ? 0.1 : Math.abs(weight) / largest;
    const rise = y(layer + 1, to) - y(layer, from);
    return html`<path class=${weight < 0 ? 'negative' : weight >= 0 && 'positive'}
      stroke-width=${0.6 + 5 * share} opacity=${0.3 + 0.7 * share}
      d="M${x(layer)} ${y(layer, from)}c${step / 2} 0 ${step / 2} ${rise} ${step} ${rise}" />`;
  };
  const unit = (name, layer, i) => html`<g transform="translate(${x(layer)} ${y(layer, i)})">
    <title>${name}</title>
    <circle r="13" />
    ${(layer === 0 || layer > hidden.length) && html`
      <text x=${layer ? 19 : -19} y="4" text-anchor=${layer ? 'start' : 'end'}>
        ${name.length > letters ? `${name.slice(0, letters - 1)}…` : name}
      </text>`}
  </g>`;
  const table = () => ({
    head: ['To', 'From', 'Value'],
    rows: parameters.flatMap(({ weights, biases }, layer) => weights.flatMap((row, to) =>
      [biases[to], ...row].map((value, i) => [layers[layer + 1][to], i ? layers[layer][i - 1] : 'bias', value]))),
  });
  return html`<${Chart} title=${title} note=${note} table=${table}>
    <div class="net scroll" ref=${ref} role="region" aria-label=${title} tabindex="0">
      ${layers.map((_, layer) => html`<div style=${{ left: `${x(layer)}px` }}>${head(layer)}</div>`)}
      <svg id="network" width=${x(layers.length - 1) + margin} height=${height} role="img" aria-label="Network">
        ${layers.slice(1).map((units, layer) =>
          layers[layer].map((_, from) => units.map((__, to) => line(layer, from, to))))}
        ${layers.map((units, layer) => units.map((name, i) => unit(name, layer, i)))}
      </svg>
      <small>Solid lines are positive weights, dashed lines negative ones.</small>
    </div>
  <//>`;
}

/** The names of inputs, of which each is a numeric feature, its gaps or a category of one, and of outputs. */
function namesOf({ features, classes, target, inputs, outputs }) {
  const named = (features ?? []).flatMap(({ name, indicator, categories, gaps, scales }) => {
    const own = scales && categories.length === 2 ? categories.slice(1) : categories; // an input of -1 and 1
    return [
      ...(categories ? own.map(each => `${name} = ${each}`) : [name]),
      ...(indicator || gaps ? [`${name} = missing`] : []),
    ];
  });
  return {
    inputs: named.length === inputs ? named : numbered(inputs, 'x'),
    outputs: classes?.slice(-outputs) ?? (target ? [target] : numbered(outputs, 'y')),
  };
}

export default function Network({ model }) {
  const layers = [{ units: model.inputs }, ...model.layers];
  const isSmall = model.parameters <= MAX_PARAMETERS && layers.every(({ units }) => units && units <= MAX_UNITS);
  const { data, problem, loading } = useLoad(
    async signal => isSmall && call('GET', modelPath(model.id, 'parameters'), { signal }),
    [model.version],
  );
  useView('network', model.id, !loading);
  const title = () => (data.networks ? `Weights of the first of ${data.networks.length} networks` : 'Weights');
  const drawing = () => html`<${Drawing} title=${title()} note=${`${model.parameters} parameters`} ...${namesOf(model)}
    hidden=${model.layers.slice(0, -1).map(({ units }) => units)} parameters=${(data.networks?.[0] ?? data).layers}
    head=${layer => html`<small>${layers[layer].activation}</small>`} />`;
  const boxes = () => html`<div id="network" class="cards">
    ${layers.map(({ units, activation = 'inputs', parameters }, i) => html`<article>
      <h2>${units == null ? '?' : number(units)}</h2>
      <p>${activation}</p>
      ${parameters && html`<small>
        ${layers[i - 1].units} × ${units} weights, ${number(parameters)} parameters</small>`}
    </article>`)}
  </div>`;
  const { size, by } = model.ensemble;
  const settings = { ...model, networks: size > 1 ? `${size} by ${by}` : 1 };
  return html`
    <${Alert} problem=${problem} />
    ${data ? drawing() : data === false && boxes()}
    <h2>Settings</h2>
    <${Table} label="Settings" head=${SETTINGS} rows=${[SETTINGS.map(name => textOf(settings[name]))]} />`;
}
