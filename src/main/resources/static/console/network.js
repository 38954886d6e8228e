// Tab Network of a model, and the drawing of a small network.
import { html } from './vendor/htm-preact.js';
import { call, modelPath } from './http.js';
import { Alert, Chart, date, number, useLoad, useView, useWidth } from './ui.js';

const MAX_UNITS = 16; // of a layer that is drawn
const MAX_WEIGHTS = 600;
const CHARACTERS = 16; // of a name beside a unit

const short = name => (name.length > CHARACTERS ? `${name.slice(0, CHARACTERS - 1)}…` : name);

const layerName = (layer, count) => (layer === count - 1 ? 'Output' : `Hidden ${layer + 1}`);

/**
 * A network as lines and circles. A line is as wide as its weight is large, solid and blue if it is positive, dashed and
 * orange if it is negative; units are filled by their biases, or by pictures, an array of URLs per hidden layer. Without
 * parameters (layers of weights and biases) all lines are equal. head(layer, count) is shown above the layers, 0 for inputs.
 */
export function Drawing({ id, inputs, outputs, units, parameters, head, pictures, running }) {
  const [ref, width] = useWidth();
  const counts = [inputs.length, ...units];
  const space = names => Math.min(width / 5, 7 * Math.max(...names.map(name => short(name).length)) + 24);
  const [left, right] = [space(inputs), space(outputs)];
  const gap = Math.max(...counts) > 8 ? 32 : 44;
  const height = Math.max(4, ...counts) * gap;
  const radius = gap === 44 ? 14 : 10;
  const x = layer => left + (layer * (width - left - right)) / units.length;
  const y = (layer, unit) => height / 2 + (unit - (counts[layer] - 1) / 2) * gap;
  const largest = Math.max(1e-9, ...(parameters ?? []).flatMap(layer => layer.weights.flat().map(Math.abs)));
  const name = (layer, unit) =>
    layer === 0 ? inputs[unit] : layer === units.length ? outputs[unit] : `${layerName(layer - 1, units.length)}, unit ${unit + 1}`;
  const line = (layer, unit, from) => {
    const weight = parameters?.[layer - 1].weights[unit][from];
    const [x0, y0, x1, y1] = [x(layer - 1), y(layer - 1, from), x(layer), y(layer, unit)];
    const middle = (x0 + x1) / 2;
    const share = weight == null ? 0.1 : Math.abs(weight) / largest;
    return html`<path class=${weight == null ? '' : weight < 0 ? 'negative' : 'positive'} stroke-width=${0.6 + 5 * share}
      opacity=${0.25 + 0.7 * Math.sqrt(share)} d="M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}">
      ${weight != null && html`<title>${name(layer - 1, from)} → ${name(layer, unit)}: ${number(weight)}</title>`}
    </path>`;
  };
  const circle = (layer, unit) => {
    const bias = parameters?.[layer - 1]?.biases[unit];
    const picture = pictures?.[layer - 1]?.[unit];
    const position = { x: x(layer) - radius, y: y(layer, unit) - radius, width: 2 * radius, height: 2 * radius };
    return html`<g>
      <rect ...${position} rx=${picture ? 4 : radius} />
      ${picture
        ? html`<image ...${position} href=${picture} preserveAspectRatio="none" />`
        : bias != null && html`<rect ...${position} rx=${radius} class=${bias < 0 ? 'negative' : 'positive'}
            fill-opacity=${Math.min(0.8, Math.abs(bias))} />`}
      <title>${name(layer, unit)}${bias != null ? `: bias ${number(bias)}` : ''}</title>
    </g>`;
  };
  const label = (layer, unit, text, side) => html`<text dir="auto" text-anchor=${side < 0 ? 'end' : 'start'}
    x=${x(layer) + side * (radius + 6)} y=${y(layer, unit) + 4}>${short(text)}<title>${text}</title></text>`;
  const each = (count, draw) => Array.from({ length: count }, (_, i) => draw(i));
  return html`<div class="net" ref=${ref}>
    <div class="heads">${counts.map((count, layer) => html`<div style=${{ left: `${x(layer)}px` }}>${head(layer, count)}</div>`)}</div>
    <svg id=${id} class=${running ? 'running' : ''} role="img" aria-label="Network of ${counts.join(', ')} units" width=${width}
      height=${height}>
      ${units.map((count, i) => each(count, unit => each(counts[i], from => line(i + 1, unit, from))))}
      ${counts.map((count, layer) => each(count, unit => circle(layer, unit)))}
      ${inputs.map((text, unit) => label(0, unit, text, -1))}
      ${outputs.map((text, unit) => label(units.length, unit, text, 1))}
    </svg>
  </div>`;
}

/** A table of all weights and biases. */
export function parameterTable({ inputs, units, parameters }) {
  const unit = (layer, i) => `${layerName(layer, units.length)}, unit ${i + 1}`;
  const rows = (parameters ?? []).flatMap(({ weights, biases }, layer) =>
    weights.flatMap((row, i) => [
      [unit(layer, i), 'bias', biases[i]],
      ...row.map((weight, from) => [unit(layer, i), layer ? unit(layer - 1, from) : inputs[from], weight]),
    ]),
  );
  return { head: ['To', 'From', 'Value'], rows };
}

/** The names of the inputs of the first layer: a category has an input of its own. */
function inputNames({ features, inputs }) {
  const names = (features ?? []).flatMap(({ name, categories, gaps }) =>
    categories ? [...categories, ...(gaps ? ['missing'] : [])].map(category => `${name} = ${category}`) : [name],
  );
  return names.length === inputs ? names : Array.from({ length: inputs }, (_, i) => `x${i + 1}`);
}

function outputNames({ classes, target, outputs }) {
  if (classes) {
    return outputs === 1 ? [classes[1]] : classes;
  }
  return Array.from({ length: outputs }, (_, i) => (outputs === 1 ? target ?? 'y' : `y${i + 1}`));
}

/** Large networks, and those whose widths are not known yet: a box per layer. */
function Boxes({ model }) {
  const box = (title, units, lines) => html`<li>
    <strong>${title}</strong>
    <span class="units">${units == null ? '?' : number(units)}</span>
    ${lines.map(text => text && html`<small>${text}</small>`)}
  </li>`;
  const { layers } = model;
  return html`<ol id="network" class="boxes">
    ${box('Inputs', model.inputs, [model.features && `${number(model.features.length)} columns`])}
    ${layers.map((layer, i) => {
      const before = i ? layers[i - 1].units : model.inputs;
      return box(layerName(i, layers.length), layer.units, [
        layer.activation,
        layer.dropout > 0 && `dropout ${number(layer.dropout)}`,
        layer.parameters != null && `${number(before)} × ${number(layer.units)} weights`,
        layer.parameters != null && `${number(layer.parameters)} parameters`,
      ]);
    })}
  </ol>`;
}

const typeAndOthers = value =>
  typeof value === 'string'
    ? value
    : Object.entries(value ?? {})
        .filter(([, each]) => each)
        .map(([name, each]) => (name === 'type' ? each : each === true ? name : `${name} ${number(each)}`))
        .join(', ');

const yes = (value, text) => (value ? text : null);

const settings = model => ({
  Task: model.task,
  Target: model.target,
  Classes: model.classes?.join(', '),
  Loss: typeAndOthers(model.loss),
  Optimizer: typeAndOthers(model.optimizer),
  'Learning rate': number(model.learningRate),
  Schedule: yes(model.learningRateSchedule.type !== 'constant', typeAndOthers(model.learningRateSchedule)),
  'Batch size': `${number(model.batchSize)}${model.shuffle ? ', shuffled' : ', in the order given'}`,
  Inputs: model.standardize ? 'standardized' : 'as given',
  'Penalty l1': yes(model.l1, number(model.l1)),
  'Penalty l2': yes(model.l2, number(model.l2)),
  'Gradients clipped at': yes(model.globalClipNorm, number(model.globalClipNorm)),
  'Initial weights': model.initializer,
  Seed: String(model.seed),
  'Epochs so far': number(model.epochs),
  Created: date(model.createdAt),
  Trained: yes(model.trainedAt, date(model.trainedAt)),
  Description: model.description,
  Tags: Object.entries(model.tags).map(([name, value]) => `${name}: ${value}`).join(', '),
});

export default function Network({ model }) {
  const { layers, inputs } = model;
  const units = layers.map(layer => layer.units);
  const weights = layers.reduce((sum, layer, i) => sum + layer.units * (i ? units[i - 1] : inputs), 0);
  const known = inputs != null && units.every(each => each != null);
  const small = known && Math.max(inputs, ...units) <= MAX_UNITS && weights <= MAX_WEIGHTS;
  const { data, problem } = useLoad(
    async signal => small && (await call('GET', modelPath(model.id, 'parameters'), { signal })).layers,
    [model.id, model.version],
  );
  useView('network', model.id, data != null || problem != null);
  const drawing = data && { inputs: inputNames(model), outputs: outputNames(model), units, parameters: data };
  const table = () =>
    drawing ? parameterTable(drawing) : {
      head: ['Layer', 'Units', 'Activation', 'Dropout', 'Parameters'],
      rows: layers.map((layer, i) => [layerName(i, layers.length), layer.units, layer.activation, layer.dropout, layer.parameters]),
    };
  const head = layer => html`<small>${layer ? layers[layer - 1].activation : 'inputs'}</small>`;
  const note = known ? `${number(model.parameters)} parameters` : 'The first training determines the widths that are unknown';
  return html`
    <${Alert} problem=${problem} />
    <${Chart} title="Network" note=${note} table=${table}>
      ${drawing ? html`
        <${Drawing} id="network" ...${drawing} head=${head} />
        <ul class="legend">
          <li class="positive">positive weight</li>
          <li class="negative">negative weight</li>
          <li>width: size of the weight, fill: bias</li>
        </ul>`
      : data === false && html`<${Boxes} model=${model} />`}
    </${Chart}>
    <h2>Settings</h2>
    <dl class="settings">
      ${Object.entries(settings(model)).filter(([, value]) => value).map(([name, value]) => html`
        <div><dt>${name}</dt><dd dir="auto">${value}</dd></div>`)}
    </dl>`;
}
