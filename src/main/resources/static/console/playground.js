// View Playground: a small network learns points in the plane, trained by the service.
import { html, useEffect, useMemo, useRef, useState } from './vendor/htm-preact.js';
import { color, LossChart } from './charts.js';
import { columnsOf, proposeTarget, read } from './csv.js';
import { pointSet, SETS } from './examples.js';
import { call, follow, modelPath, observable } from './http.js';
import { Drawing } from './network.js';
import { Alert, Chart, controls, FileField, number, useAction, useChanges, useTheme, useView } from './ui.js';

const GRID = 64; // predictions in each direction
const PLAY = 100_000; // epochs at most
const STEP = 10;
const LAYERS = /^[1-8](,[1-8]){0,5}$/;
const COLORS = ['--class-2', '--class-1', '--class-3', '--class-4']; // of classes
const SHAPES = ['M0-5a5 5 0 1 0 .1 0z', 'M-4.5-4.5h9v9h-9z', 'M0-6l5.5 10h-11z', 'M0-6l6 6-6 6-6-6z'];
const DEFAULTS = {
  set: 'spirals', noise: 5, hidden: '8,8', activation: 'tanh', learningRate: 0.001, batchSize: 10,
};
const OPTIONS = {
  set: SETS,
  noise: [0, 5, 10, 20, 30, 50],
  activation: ['tanh', 'relu', 'sigmoid', 'selu', 'gelu', 'silu', 'mish', 'linear'],
  learningRate: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
  batchSize: [1, 5, 10, 30, 100],
};

/** The settings in the query of the hash; the default of each that is absent or invalid. */
function settingsFrom(query) {
  const settings = { ...DEFAULTS, ...(LAYERS.test(query.hidden) && { hidden: query.hidden }) };
  for (const [name, options] of Object.entries(OPTIONS)) {
    settings[name] = options.find(each => String(each) === query[name]) ?? settings[name];
  }
  return settings;
}

/** The points in a CSV file: its first two columns of numbers, and the one to predict. */
async function pointsOf(file) {
  const { names, rows } = await read(file);
  const columns = columnsOf({ names, rows });
  const target = proposeTarget(columns);
  const [right, up] = columns.filter(column => column.type === 'numeric' && column !== target);
  if (!up) {
    throw new Error(`${file.name} needs two columns of numbers and one to predict.`);
  }
  const used = [right, up, target].map(column => columns.indexOf(column));
  const valueOf = target.typeAsTarget === 'numeric' ? parseFloat : text => text || NaN;
  const points = rows.slice(0, 1000)
    .map(row => used.map((index, i) => (i < 2 ? parseFloat : valueOf)(row[index])))
    .filter(point => !point.includes(NaN));
  return {
    names: used.map(index => names[index]),
    inputs: points.map(([x, y]) => [x, y]),
    targets: points.map(point => point[2]),
  };
}

/** The bounds of some numbers, with a margin. */
function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low || 1) / 20;
  return [low - margin, high + margin];
}

/** Points with what is needed to train on them and to draw them: classes, or the bounds of numbers. */
function dataOf({ inputs, targets, names = ['x1', 'x2', 'y'] }) {
  const extent = [0, 1].map(axis => rangeOf(inputs.map(input => input[axis])));
  const at = ([low, high], i) => Number((low + ((i + 0.5) / GRID) * (high - low)).toPrecision(6));
  return {
    inputs, targets, names, extent,
    ...(typeof targets[0] === 'number' ? { bounds: rangeOf(targets) } : { classes: [...new Set(targets)] }),
    grid: Array.from({ length: GRID ** 2 },
      (_, i) => [at(extent[0], i % GRID), at(extent[1], GRID - 1 - Math.floor(i / GRID))]),
  };
}

/** The index of the class of a prediction, and how sure it is; a number is low or high. */
function strength(prediction, bounds) {
  const share = bounds && (prediction - bounds[0]) / (bounds[1] - bounds[0]);
  const shares = bounds ? [1 - share, share] : prediction;
  const largest = Math.max(...shares);
  return [shares.indexOf(largest), largest ** 3];
}

const Mark = ({ index, x = 0, y = 0, share = 1 }) => html`
  <path transform="translate(${x} ${y})" d=${SHAPES[index % SHAPES.length]}
    style=${{ fill: `var(${COLORS[index % COLORS.length]})`, fillOpacity: share }} />`;

/** Points, and behind them what is predicted, in stronger colors where the network is sure. */
function Boundary({ data, predictions, epoch }) {
  const { names, inputs, targets, classes, bounds, extent: [[left, right], [bottom, top]] } = data;
  const canvas = useRef(null);
  useTheme();
  useEffect(() => {
    const image = new ImageData(GRID, GRID);
    const colors = COLORS.map(name => color(name).match(/\d+/g));
    predictions?.forEach((prediction, i) => {
      const [index, share] = strength(prediction, bounds);
      image.data.set([...colors[index % COLORS.length], 160 * share], 4 * i);
    });
    canvas.current?.getContext('2d').putImageData(image, 0, 0);
  });
  const marks = useMemo(() => inputs.map(([x, y], i) => {
    const [index, share] = strength(classes?.map(name => Number(name === targets[i])) ?? targets[i], bounds);
    return html`<${Mark} index=${index} share=${share}
      x=${(400 * (x - left)) / (right - left)} y=${(400 * (top - y)) / (top - bottom)} />`;
  }), [data]);
  const table = () => ({ head: names, rows: inputs.map((input, i) => [...input, targets[i]]) });
  return html`<${Chart} title="Predictions" note=${`epoch ${number(epoch)}`} table=${table}>
    <div class="plane">
      <canvas id="boundary" ref=${canvas} width=${GRID} height=${GRID} role="img"
        aria-label=${`${names[0]} to the right, ${names[1]} upwards`}></canvas>
      <svg viewBox="0 0 400 400" aria-hidden="true">${marks}</svg>
    </div>
    <ul class="legend">
      <li>${names[0]} →</li>
      <li>${names[1]} ↑</li>
      ${(classes ?? bounds.map(each => number(each, 3))).map((name, i) => html`<li>
        <svg width="12" viewBox="-6 -6 12 12" aria-hidden="true"><${Mark} index=${i} /></svg> ${name}
      </li>`)}
    </ul>
  <//>`;
}

/** A model of the service, which is created when it is first trained, and what is shown of it. */
function experimentOf({ inputs, targets, classes, grid }, network) {
  const id = `playground-${Math.random().toString(36).slice(2, 7)}`;
  const path = (...rest) => modelPath(id, ...rest);
  const history = { epochs: [0], loss: [null], validationLoss: [null] };
  const experiment = observable({ history, epoch: 0, playing: false, train, pause: () => (pausing = true), leave });
  const show = changes => Object.assign(experiment, changes).changed();
  const fail = problem => show({ problem });
  let exists = false;
  let pausing;
  let left;

  async function look(before, ...rest) {
    const options = { body: { inputs: grid }, background: true, signal: left.signal };
    const { predictions, epoch = 0 } = await call('POST', path(...rest), options);
    show({ predictions, epoch: before + epoch });
  }

  async function run(epochs) {
    if (!exists) {
      const task = classes ? 'classification' : 'regression';
      await call('POST', 'models', { body: { id, task, classes, ...network, seed: 1 } });
      exists = true;
    }
    const body = { inputs, targets, epochs, validationSplit: 0.2 };
    const { number: n } = await call('POST', path('train'), { body, headers: { Prefer: 'respond-async' } });
    const before = history.epochs.at(-1);
    const add = (epoch, { loss, validationLoss }) => {
      history.epochs.push(before + epoch);
      history.loss.push(loss);
      history.validationLoss.push(validationLoss);
      show();
    };
    let busy = epochs === STEP;
    const epoch = async event => {
      add(event.epoch, event);
      if (!busy) { // one call at a time, and none at the end: a training that has ended does not predict
        busy = true;
        await (pausing ? call('POST', path('trainings', n, 'cancel'), { query: { keep: true } })
          : look(before, 'trainings', n, 'predict')).catch(fail);
        busy = event.progress > 0.9;
      }
    };
    const ended = await follow(path('trainings', n), { signal: left.signal, on: { epoch } });
    if (ended?.error) {
      fail({ message: ended.error });
    } else if (ended) {
      add(ended.epochsCompleted, ended);
      show(await call('GET', path('parameters'), { background: true }));
      await look(before + ended.epochsCompleted, 'predict');
    }
  }

  async function train(epochs) {
    if (!experiment.playing) {
      pausing = false;
      left = new AbortController();
      show({ playing: true, problem: null });
      await run(epochs).catch(fail);
      await (left.signal.aborted && leave());
      show({ playing: false });
    }
  }

  /** Deletes the model, and with it a training that is running. */
  async function leave() {
    left?.abort();
    if (exists) {
      exists = false;
      await call('DELETE', path(), { keepalive: true });
    }
  }
  return experiment;
}

function Layers({ hidden, change, data: { names, classes }, parameters }) {
  const button = (sign, label, layers) => html`<button class="secondary tiny" aria-label=${label}
    id=${label.toLowerCase().replaceAll(' ', '-')} disabled=${!LAYERS.test(layers)}
    onClick=${() => change({ hidden: layers })}>${sign}</button>`;
  const buttons = (what, fewer, more) =>
    [button('−', `Remove ${what}`, fewer), button('+', `Add ${what}`, more)];
  const units = (count, i) =>
    buttons(`unit of layer ${i + 1}`, hidden.with(i, count - 1), hidden.with(i, count + 1));
  return html`<${Drawing} title="Hidden layers"
    note=${buttons('layer', hidden.slice(0, -1), [...hidden, hidden.at(-1)])}
    head=${layer => hidden.map(units)[layer - 1]}
    inputs=${names.slice(0, 2)} outputs=${classes?.slice(classes.length > 2 ? 0 : 1) ?? names.slice(2)}
    ...${{ hidden, parameters }} />`;
}

export default function Playground({ query }) {
  const settings = settingsFrom(query);
  const { set, noise, ...network } = settings;
  const hidden = network.hidden.split(',').map(Number);
  const [file, setFile] = useState(null);
  const [choose, , refused] = useAction(async chosen => setFile(await pointsOf(chosen)));
  const [round, setRound] = useState(0);
  const data = useMemo(() => dataOf(file ?? pointSet(set, noise)), [file, set, noise]);
  const experiment = useMemo(
    () => experimentOf(data, { ...network, hidden }), [data, JSON.stringify(network), round]);
  const { history, epoch, playing, problem, predictions, layers, train, pause, leave } = experiment;
  const change = changes => {
    const changed = new URLSearchParams({ ...settings, ...changes });
    location.replace(`#/playground?${changed}`.replaceAll('%2C', ','));
  };
  useChanges(experiment);
  useEffect(() => {
    onpagehide = leave;
    return leave;
  }, [experiment]);
  useView('playground', 'Playground');
  const select = (name, label) => controls().select(label, name,
    OPTIONS[name].map(each => html`<option value=${each}>${each > 0 ? number(each) : each}</option>`),
    { value: settings[name], onChange: event => change({ [name]: event.target.value }) });
  const dataSet = each => html`<button class="secondary" data-set=${each} aria-pressed=${!file && each === set}
    onClick=${() => [setFile(null), change({ set: each })]}>${each}</button>`;
  return html`
    <h1 tabindex="-1">Playground</h1>
    <div class="toolbar">
      ${SETS.map(dataSet)}
      <${FileField} id="sample-file" label="Two columns of a CSV file" onFile=${choose} />
    </div>
    <div class="toolbar">
      <button id="play" aria-label="Play" aria-pressed=${playing}
        onClick=${() => (playing ? pause() : train(PLAY))}></button>
      <div class="epoch"><small>Epoch</small><strong>${number(history.epochs.at(-1))}</strong></div>
      <button id="step" class="secondary" onClick=${() => train(STEP)}>Step</button>
      <button id="reset" class="secondary" onClick=${() => setRound(round + 1)}>Reset</button>
      ${select('learningRate', 'Learning rate')}
      ${select('batchSize', 'Batch size')}
      ${select('activation', 'Activation')}
      ${select('noise', 'Noise')}
    </div>
    <${Alert} problem=${refused ?? problem} />
    <div id="playground" class="split" data-epoch=${epoch} data-loss=${history.loss.at(-1)}>
      <div>
        <${Layers} ...${{ hidden, change, data, parameters: layers }} />
        <${LossChart} height=${180} history=${history} />
      </div>
      <${Boundary} ...${{ data, predictions, epoch }} />
    </div>`;
}
