// View Playground: a small network learns points in the plane, trained by the service.
import { html, useEffect, useMemo, useRef, useState } from './vendor/htm-preact.js';
import { color, LossChart } from './charts.js';
import { columnsOf, MISSING, proposeTarget, read } from './csv.js';
import { pointSet, SETS } from './examples.js';
import { call, follow, modelPath, observable } from './http.js';
import { Drawing } from './network.js';
import { Alert, Chart, Field, FileField, number, useAction, useChanges, useTheme, useView } from './ui.js';

const GRID = 64; // predictions in each direction
const PLAY = 100_000; // epochs at most
const STEP = 10;
const LAYERS = /^[1-8](,[1-8]){0,5}$/;
const COLORS = ['--class-2', '--class-1', '--class-3', '--class-4']; // of classes
const SHAPES = ['M0-5a5 5 0 1 0 .1 0z', 'M-4.5-4.5h9v9h-9z', 'M0-6l5.5 10h-11z', 'M0-6l6 6-6 6-6-6z'];
const DEFAULTS = { set: 'spirals', noise: 5, layers: [8, 8], activation: 'tanh', rate: 0.001, batch: 10 };
const OPTIONS = {
  set: SETS,
  noise: [0, 5, 10, 20, 30, 50],
  activation: ['tanh', 'relu', 'sigmoid', 'silu', 'linear'],
  rate: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
  batch: [1, 5, 10, 30, 100],
};

/** The settings in the query of the hash; the default of each that is absent or invalid. */
function settingsFrom(query) {
  const settings = { ...DEFAULTS };
  for (const [name, options] of Object.entries(OPTIONS)) {
    settings[name] = options.find(each => String(each) === query[name]) ?? settings[name];
  }
  return LAYERS.test(query.layers) ? { ...settings, layers: query.layers.split(',').map(Number) } : settings;
}

/** The points in a CSV file: its first two columns of numbers, and the one to predict. */
async function pointsOf(file) {
  const { names, rows } = await read(file);
  const columns = columnsOf({ names, rows });
  const target = proposeTarget(columns);
  const used = columns.filter(column => column.type === 'numeric' && column !== target).slice(0, 2).concat(target);
  const isNumber = [true, true, target.typeAsTarget === 'numeric'];
  const points = rows
    .map(row => used.map(column => row[columns.indexOf(column)] ?? ''))
    .filter(cells => cells.length === 3 && !cells.some(cell => MISSING.has(cell)))
    .slice(0, 1000)
    .map(cells => cells.map((cell, i) => (isNumber[i] ? parseFloat(cell) : cell)));
  if (points.length === 0) {
    throw new Error(`${file.name} needs two columns of numbers and one to predict.`);
  }
  return {
    inputs: points.map(([x, y]) => [x, y]),
    targets: points.map(point => point[2]),
    names: used.map(({ name }) => name),
  };
}

function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low || 1) / 20;
  return [low - margin, high + margin];
}

/** Points with what is needed to train on them and to draw them: classes, or the bounds of numbers. */
function dataOf({ inputs, targets, names = ['x1', 'x2', 'y'] }) {
  const classes = typeof targets[0] === 'number' ? null : [...new Set(targets)];
  const [[left, right], [bottom, top]] = [0, 1].map(axis => rangeOf(inputs.map(input => input[axis])));
  const each = Array.from({ length: GRID }, (_, i) => (i + 0.5) / GRID);
  const between = (low, high, share) => Number((low + share * (high - low)).toPrecision(6));
  return {
    inputs, targets, names, classes,
    bounds: classes ? null : rangeOf(targets),
    grid: each.flatMap(y => each.map(x => [between(left, right, x), between(top, bottom, y)])),
    places: inputs.map(([x, y]) => [(x - left) / (right - left), (top - y) / (top - bottom)]),
  };
}

/** The index of the class of a prediction, or of the half that contains a number; and how sure, 0 to 1. */
function strength(prediction, bounds) {
  if (bounds) {
    const share = (2 * (prediction - bounds[0])) / (bounds[1] - bounds[0]) - 1;
    return [share < 0 ? 0 : 1, Math.min(1, Math.abs(share))];
  }
  const largest = Math.max(...prediction);
  return [prediction.indexOf(largest), (largest * prediction.length - 1) / (prediction.length - 1)];
}

const Mark = ({ index, x = 0, y = 0, share = 1 }) => html`
  <path transform="translate(${x} ${y})" d=${SHAPES[index % SHAPES.length]}
    style=${{ fill: `var(${COLORS[index % COLORS.length]})`, fillOpacity: share }} />`;

/** Points, and behind them what is predicted, in stronger colors where the network is sure. */
function Boundary({ data, predictions, epoch }) {
  const { names, inputs, targets, places, classes, bounds } = data;
  const canvas = useRef(null);
  useTheme();
  useEffect(() => {
    const image = new ImageData(GRID, GRID);
    const colors = COLORS.map(name => color(name).match(/\d+/g));
    predictions?.forEach((prediction, i) => {
      const [index, share] = strength(prediction, bounds);
      image.data.set([...colors[index % COLORS.length], 20 + 140 * share], 4 * i);
    });
    canvas.current?.getContext('2d').putImageData(image, 0, 0);
  });
  const marks = useMemo(() => places.map(([x, y], i) => {
    const [index, share] = bounds ? strength(targets[i], bounds) : [classes.indexOf(targets[i]), 1];
    return html`<${Mark} index=${index} x=${400 * x} y=${400 * y} share=${0.3 + 0.7 * share} />`;
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
      <li>↑ ${names[1]}</li>
      ${(classes ?? bounds.map(each => number(each, 3))).map((name, i) => html`<li>
        <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true"><${Mark} index=${i} /></svg> ${name}
      </li>`)}
    </ul>
  <//>`;
}

/** A model of the service, which is created when it is first trained, and what is shown of it. */
function experimentOf({ inputs, targets, classes, grid }, network) {
  const id = `playground-${Math.random().toString(36).slice(2, 7)}`;
  const path = (...rest) => modelPath(id, ...rest);
  const experiment = observable({ epoch: 0, history: [{ epoch: 0, loss: null, validationLoss: null }] });
  const show = changes => Object.assign(experiment, changes).changed();
  const fail = problem => show({ problem });
  let [exists, started, left] = [false, null, null];

  async function start(options) {
    if (!exists) {
      const task = classes ? 'classification' : 'regression';
      await call('POST', 'models', { body: { id, task, classes, ...network, seed: 1 } });
      exists = true;
    }
    const body = { inputs, targets, validationSplit: 0.2, ...options };
    return call('POST', path('train'), { body, headers: { Prefer: 'respond-async' } });
  }

  async function look(before, ...rest) {
    const options = { body: { inputs: grid }, background: true, signal: left.signal };
    const { predictions, epoch = 0 } = await call('POST', path(...rest), options);
    show({ predictions, epoch: before + epoch });
  }

  async function run(options) {
    const before = experiment.history.at(-1).epoch;
    const isStep = options.epochs === STEP;
    show({ playing: !isStep, problem: null });
    left = new AbortController();
    started = start(options);
    const { number: n } = await started;
    const add = (epoch, { loss, validationLoss }) =>
      show({ history: [...experiment.history, { epoch: before + epoch, loss, validationLoss }] });
    let busy = isStep; // one call at a time, and none near the end: a training that has ended does not predict
    const epoch = async event => {
      add(event.epoch, event);
      if (!busy) {
        busy = true;
        const stop = () => call('POST', path('trainings', n, 'cancel'), { query: { keep: true } });
        await (experiment.playing ? look(before, 'trainings', n, 'predict') : stop()).catch(fail);
        busy = event.progress > 0.9;
      }
    };
    const ended = await follow(id, n, { signal: left.signal, on: { epoch } });
    if (ended?.error) {
      throw new Error(ended.error);
    }
    if (ended) {
      add(ended.epochsCompleted, ended);
      show({ parameters: (await call('GET', path('parameters'), { background: true })).layers });
      await look(before + ended.epochsCompleted, 'predict');
    }
  }

  return Object.assign(experiment, {
    /** Trains, unless it does already. */
    train(options) {
      experiment.ended ??= run(options).catch(fail).finally(() => show({ ended: null, playing: false }));
    },
    pause: () => show({ playing: false }),
    /** Deletes the model, and with it a training that is running. */
    async leave() {
      left?.abort();
      await started?.catch(() => null);
      if (exists) {
        exists = false;
        await call('DELETE', path(), { keepalive: true });
      }
    },
  });
}

function Layers({ hidden, change, data: { names, classes }, parameters }) {
  const buttons = (what, fewer, more) => [['−', 'Remove', fewer], ['+', 'Add', more]].map(([sign, verb, layers]) => {
    const label = `${verb} ${what}`;
    return html`<button type="button" class="secondary tiny" id=${label.toLowerCase().replaceAll(' ', '-')}
      aria-label=${label} disabled=${!LAYERS.test(layers)} onClick=${() => change({ layers })}>${sign}</button>`;
  });
  const units = i => buttons(`unit of layer ${i + 1}`, hidden.with(i, hidden[i] - 1), hidden.with(i, hidden[i] + 1));
  return html`<${Drawing} title="Hidden layers"
    note=${buttons('layer', hidden.slice(0, -1), [...hidden, hidden.at(-1)])}
    head=${layer => hidden[layer - 1] && units(layer - 1)}
    inputs=${names.slice(0, 2)} outputs=${classes?.slice(classes.length > 2 ? 0 : 1) ?? names.slice(2)}
    ...${{ hidden, parameters }} />`;
}

export default function Playground({ query }) {
  const settings = settingsFrom(query);
  const { set, noise, layers, activation, rate, batch } = settings;
  const [file, setFile] = useState(null);
  const [choose, , refused] = useAction(async chosen => setFile(await pointsOf(chosen)));
  const [round, setRound] = useState(0);
  const data = useMemo(() => dataOf(file ?? pointSet(set, noise)), [file, set, noise]);
  const experiment = useMemo(() => experimentOf(data, { hidden: layers, activation }),
    [data, String(layers), activation, round]);
  const { history, epoch, playing, problem, predictions, parameters } = experiment;
  const change = changes =>
    location.replace(`#/playground?${new URLSearchParams({ ...settings, ...changes })}`.replaceAll('%2C', ','));
  const train = epochs => experiment.train({ epochs, learningRate: rate, batchSize: batch });
  useChanges(experiment);
  useEffect(() => {
    onpagehide = experiment.leave;
    return experiment.leave;
  }, [experiment]);
  useEffect(() => {
    if (playing) {
      experiment.pause();
      experiment.ended.then(() => train(PLAY));
    }
  }, [rate, batch]);
  useView('playground', 'Playground');
  const select = (name, label, id = name) => html`<${Field} label=${label}>
    <select id=${id} value=${settings[name]} onChange=${event => change({ [name]: event.target.value })}>
      ${OPTIONS[name].map(each => html`<option value=${each}>${each > 0 ? number(each) : each}</option>`)}
    </select>
  <//>`;
  const dataSet = each => html`<button type="button" class="secondary" data-set=${each}
    aria-pressed=${!file && each === set} onClick=${() => setFile(null) || change({ set: each })}>${each}</button>`;
  const column = name => history.map(each => each[name]);
  return html`
    <h1 tabindex="-1">Playground</h1>
    <div class="toolbar">
      ${SETS.map(dataSet)}
      <${FileField} id="sample-file" label="Two columns of a CSV file" onFile=${choose} />
    </div>
    <div class="toolbar">
      <button type="button" id="play" aria-label="Play" aria-pressed=${Boolean(playing)}
        onClick=${() => (playing ? experiment.pause() : train(PLAY))}></button>
      <div class="epoch"><small>Epoch</small><strong>${number(history.at(-1).epoch)}</strong></div>
      <button type="button" id="step" class="secondary" onClick=${() => train(STEP)}>Step</button>
      <button type="button" id="reset" class="secondary" onClick=${() => setRound(round + 1)}>Reset</button>
      ${select('rate', 'Learning rate', 'learning-rate')}
      ${select('batch', 'Batch size')}
      ${select('activation', 'Activation')}
      ${select('noise', 'Noise')}
    </div>
    <${Alert} problem=${refused ?? problem} />
    <div id="playground" class="split" data-epoch=${epoch} data-loss=${history.at(-1).loss}>
      <div>
        <${Layers} hidden=${layers} ...${{ change, data, parameters }} />
        <${LossChart} height=${180}
          history=${{ epochs: column('epoch'), loss: column('loss'), validationLoss: column('validationLoss') }} />
      </div>
      <${Boundary} ...${{ data, predictions, epoch }} />
    </div>`;
}
