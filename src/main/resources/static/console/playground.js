// View Playground: a small network learns points in the plane, trained by the service.
import { html, useEffect, useMemo, useRef, useState } from './vendor/htm-preact.js';
import { color, LossChart } from './charts.js';
import { columnsOf, MISSING, proposeTarget, read } from './csv.js';
import { pointSet, SETS } from './examples.js';
import { call, follow, modelPath } from './http.js';
import { Drawing, parameterTable, unitNames } from './network.js';
import { Alert, Chart, Field, number, useAction, useTheme, useView, useWidth } from './ui.js';

const GRID = 64; // predictions in each direction
const MAX_EPOCHS = 100_000; // of a press of Play
const STEP = 10; // epochs
const MAX_LAYERS = 6;
const MAX_UNITS = 8;
const COLORS = [2, 1, 3, 4, 5, 6, 7, 8].map(each => `--class-${each}`); // of the classes
const SHAPES = ['M0-5a5 5 0 1 0 .1 0z', 'M-4.5-4.5h9v9h-9z', 'M0-6l5.5 10h-11z', 'M0-6l6 6-6 6-6-6z']; // likewise
const DEFAULTS = {
  set: 'spirals', noise: 5, points: 500, seed: 1,
  layers: [8, 8], activation: 'tanh', optimizer: 'sgd', rate: 0.001, batch: 10,
};
const OPTIONS = {
  set: SETS,
  noise: [0, 5, 10, 20, 30, 50],
  points: [100, 200, 500, 1000],
  seed: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  activation: ['tanh', 'relu', 'sigmoid', 'silu', 'linear'],
  optimizer: ['sgd', 'adam', 'rmsprop'],
  rate: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
  batch: [1, 5, 10, 30, 100],
};

const optionOf = (name, text) => OPTIONS[name].find(each => String(each) === text);

/** The settings in the query of the hash; the default of each that is absent or invalid. */
function settingsFrom({ layers = '', ...query }) {
  const settings = { ...DEFAULTS };
  Object.keys(OPTIONS).forEach(name => (settings[name] = optionOf(name, query[name]) ?? settings[name]));
  return /^[1-8](,[1-8]){0,5}$/.test(layers) ? { ...settings, layers: layers.split(',').map(Number) } : settings;
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
  const isNumber = target.typeAsTarget === 'numeric';
  const cells = [right, up, target].map(({ name }) => names.indexOf(name));
  const points = rows
    .map(row => cells.map((cell, i) => (i < 2 || isNumber ? parseFloat(row[cell]) : row[cell] ?? '')))
    .filter(point => point.every(value => !Number.isNaN(value) && !MISSING.has(value)));
  return {
    inputs: points.map(point => point.slice(0, 2)),
    targets: points.map(point => point[2]),
    names: [right.name, up.name, target.name],
  };
}

function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low || 1) / 20;
  return [low - margin, high + margin];
}

/** The points with what is needed to train and draw them: classes, or the bounds of a number. */
function dataOf({ set, noise, points, seed }, file) {
  const { inputs, targets, names = ['x1', 'x2', 'y'] } = set === 'file' ? file : pointSet(set, noise, points, seed);
  const isNumber = typeof targets[0] === 'number';
  return {
    inputs, targets, names,
    classes: isNumber ? undefined : [...new Set(targets)].sort().reverse(),
    bounds: isNumber && rangeOf(targets),
    extent: [0, 1].map(axis => rangeOf(inputs.map(row => row[axis]))),
  };
}

/** The middles of the cells of a grid over the extent, from the top left to the bottom right. */
function gridOf([[left, right], [bottom, top]]) {
  const at = (from, to, i) => Number((from + ((i + 0.5) * (to - from)) / GRID).toPrecision(6));
  const each = Array.from({ length: GRID }, (_, i) => i);
  return each.flatMap(row => each.map(column => [at(left, right, column), at(top, bottom, row)]));
}

/** The index of the cell that contains a point. */
function cellOf([x, y], [[left, right], [bottom, top]]) {
  const at = (value, from, to) => Math.floor(((value - from) / (to - from)) * GRID);
  return at(y, top, bottom) * GRID + at(x, left, right);
}

/** The class of a prediction, or the half that contains a number, and how far from undecided it is, 0 to 1. */
function strength(prediction, bounds) {
  if (bounds) {
    const share = (2 * (prediction - bounds[0])) / (bounds[1] - bounds[0]) - 1;
    return [share < 0 ? 0 : 1, Math.min(1, Math.abs(share))];
  }
  const largest = Math.max(...prediction);
  return [prediction.indexOf(largest), (largest * prediction.length - 1) / (prediction.length - 1)];
}

function heatMap(strengths) {
  const canvas = Object.assign(document.createElement('canvas'), { width: GRID, height: GRID });
  const colors = COLORS.map(name => color(name).match(/\d+/g));
  const pixels = strengths.flatMap(([index, share]) => [...colors[index % colors.length], 20 + 140 * share]);
  canvas.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(pixels), GRID), 0, 0);
  return canvas;
}

/** Points, and predictions behind them. */
function Plane({ data, predictions, size = 0.75, ...properties }) {
  const [ref, width] = useWidth();
  const canvas = useRef(null);
  const theme = useTheme();
  useEffect(() => {
    const context = canvas.current.getContext('2d');
    canvas.current.width = canvas.current.height = width * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    if (predictions) {
      context.imageSmoothingQuality = 'high';
      context.drawImage(heatMap(predictions.map(each => strength(each, data.bounds))), 0, 0, width, width);
    }
    const [[left, right], [bottom, top]] = data.extent;
    context.strokeStyle = color('--surface');
    data.inputs.forEach(([x, y], i) => {
      const target = data.targets[i];
      const [index, share] = data.bounds ? strength(target, data.bounds) : [data.classes.indexOf(target), 1];
      const shape = new Path2D(SHAPES[index % SHAPES.length]);
      context.save();
      context.translate(((x - left) / (right - left)) * width, ((top - y) / (top - bottom)) * width);
      context.scale(size, size);
      context.stroke(shape);
      context.globalAlpha = 0.3 + 0.7 * share;
      context.fillStyle = color(COLORS[index % COLORS.length]);
      context.fill(shape);
      context.restore();
    });
  }, [data, predictions, width, theme]);
  return html`<div class="plane" ref=${ref}><canvas ref=${canvas} role="img" ...${properties}></canvas></div>`;
}

const BEGINNING = {
  data: null, layers: undefined, predictions: null, epoch: 0,
  history: [{ epoch: 0, loss: null, validationLoss: null }],
};

/**
 * The model of the page and its training. Operations are done one after the other. The model is created when it is
 * first trained, and deleted when the data or the layers change or the view is left.
 */
class Experiment {
  id = `playground-${Math.random().toString(36).slice(2, 7)}`;
  state = BEGINNING; // with the data of what was learned
  exists = false;
  training = null; // the running one: {number, stop}
  before = 0; // epochs before it
  last = Promise.resolve();

  path = (...rest) => modelPath(this.id, ...rest);

  update(changes) {
    this.state = { ...this.state, ...changes };
    this.changed(this.state);
  }

  fail = problem => this.update({ problem, playing: false });

  inTurn(action) {
    this.last = this.last.then(action).catch(this.fail);
  }

  train({ layers: hidden, activation, optimizer, seed, rate, batch }, data, epochs) {
    const playing = epochs > STEP;
    this.update({ playing, problem: null });
    this.inTurn(async () => {
      if (this.training) {
        return;
      }
      this.update({ data });
      const { inputs, targets, classes } = data;
      if (!this.exists) {
        const task = classes ? 'classification' : 'regression';
        const model = { id: this.id, task, classes, hidden, activation, optimizer, seed };
        await call('POST', 'models', { body: { ...model, tags: { console: 'playground' } } });
        this.exists = true;
      }
      const training = await call('POST', this.path('train'), {
        body: { inputs, targets, epochs, learningRate: rate, batchSize: batch, validationSplit: 0.2 },
        headers: playing ? { Prefer: 'respond-async' } : {},
      });
      this.before = this.state.history.at(-1).epoch;
      this.training = { number: training.number, stop: new AbortController() };
      if (training.finishedAt) {
        await this.end(training);
      } else {
        this.watch(this.training);
      }
    });
  }

  /** Follows a training and asks it for predictions, unless it is about to end. */
  async watch({ number: n, stop: { signal } }) {
    const epoch = event => {
      this.add(event.epoch, event);
      if (event.progress < 0.95 && !this.looking && !document.hidden) {
        this.looking = this.look('trainings', n, 'predict').finally(() => (this.looking = null));
      }
    };
    const ended = await follow(this.id, n, { signal, on: { epoch } }).catch(problem => {
      this.pause();
      this.fail(problem);
    });
    if (ended && !signal.aborted) {
      this.update({ playing: false });
      this.inTurn(() => this.training?.number === n && this.end(ended));
    }
  }

  /** Shows what the network predicts. A training that has just ended does not answer. */
  async look(...path) {
    const { data } = this.state;
    const body = { inputs: (data.grid ??= gridOf(data.extent)) };
    const answer = await call('POST', this.path(...path), { body, background: true }).catch(() => null);
    if (answer) {
      const epoch = answer.epoch ? this.before + answer.epoch : this.state.history.at(-1).epoch;
      this.update({ predictions: answer.predictions, epoch });
    }
  }

  add(epoch, { loss, validationLoss }) {
    const { history } = this.state;
    const total = this.before + epoch;
    if (total > history.at(-1).epoch) {
      this.update({ history: [...history, { epoch: total, loss, validationLoss }] });
    }
  }

  async end(training) {
    await this.looking;
    this.training = null;
    if (training.error) {
      this.update({ problem: { message: training.error } });
    }
    if (training.version) {
      this.add(training.epochsCompleted, training);
      const { layers } = await call('GET', this.path('parameters'), { background: true });
      this.update({ layers });
      await this.look('predict');
    }
  }

  pause() {
    this.update({ playing: false });
    this.inTurn(async () => {
      if (this.training) {
        this.training.stop.abort();
        await this.looking;
        const path = this.path('trainings', this.training.number);
        let training = await call('GET', path, { background: true });
        if (!training.finishedAt) {
          training = await call('POST', `${path}/cancel`, { query: { keep: true } });
        }
        await this.end(training);
      }
    });
  }

  /** Deletes the model, and with it a training that is running. A page that is left cannot wait. */
  reset(leaving) {
    this.training?.stop.abort();
    this.update({ playing: false });
    this.inTurn(async () => {
      this.training?.stop.abort();
      await (leaving || this.looking);
      const { exists } = this;
      Object.assign(this, { exists: false, training: null });
      this.update(BEGINNING);
      await (exists && call('DELETE', this.path(), { keepalive: true }));
    });
  }
}

function Tile({ set, settings: { set: chosen, noise, seed }, change }) {
  const data = useMemo(() => dataOf({ set, noise, points: 100, seed }), [set, noise, seed]);
  const choose = () => change({ set });
  return html`<button type="button" class="tile" data-set=${set} aria-pressed=${set === chosen} onClick=${choose}>
    <${Plane} data=${data} size=${0.4} aria-hidden="true" /><span>${set}</span>
  </button>`;
}

function Data({ settings, change, select, setFile }) {
  const [choose, , problem] = useAction(async event => {
    setFile(await pointsOf(event.target.files[0]));
    change({ set: 'file' });
  });
  return html`<section>
    <p><strong>Data</strong></p>
    <div class="tiles">${SETS.map(set => html`<${Tile} key=${set} ...${{ set, settings, change }} />`)}</div>
    ${settings.set !== 'file' && [select('noise', 'Noise'), select('points', 'Points')]}
    ${select('seed', 'Seed')}
    <${Field} label="Own CSV file" hint="two columns of numbers, and one to predict">
      <input type="file" id="sample-file" accept=".csv,.tsv,.txt" onChange=${choose} />
    <//>
    <${Alert} problem=${problem} />
  </section>`;
}

function Layers({ hidden, change, data: { names, classes }, state: { layers, playing } }) {
  const button = (text, label, to, possible, id) => html`<button type="button" class="secondary tiny" id=${id}
    aria-label=${label} title=${label} disabled=${!possible} onClick=${() => change({ layers: to })}>${text}</button>`;
  const head = column => {
    const count = hidden[column - 1];
    return count && [
      button('−', `Fewer units in layer ${column}`, hidden.with(column - 1, count - 1), count > 1),
      button('+', `More units in layer ${column}`, hidden.with(column - 1, count + 1), count < MAX_UNITS),
    ];
  };
  const note = [
    button('−', 'Remove a layer', hidden.slice(0, -1), hidden.length > 1, 'remove-layer'),
    button('+', 'Add a layer', [...hidden, hidden.at(-1)], hidden.length < MAX_LAYERS, 'add-layer'),
  ];
  const outputs = !classes ? names.slice(2) : classes.length > 2 ? classes : classes.slice(1);
  const units = unitNames(names.slice(0, 2), hidden, outputs);
  return html`<section>
    <${Chart} title="Hidden layers" note=${note} table=${() => parameterTable(units, layers)}>
      <${Drawing} names=${units} layers=${layers} head=${head} running=${playing && layers} />
    <//>
  </section>`;
}

function Result({ data, state: { predictions, history, epoch } }) {
  const { names: [right, up], classes, bounds } = data;
  const table = () => ({
    head: [...data.names, 'Predicted'],
    rows: data.inputs.map((input, i) => {
      const prediction = predictions?.[cellOf(input, data.extent)];
      const answer = prediction && (bounds ? prediction[0] : classes[strength(prediction)[0]]);
      return [...input, data.targets[i], answer];
    }),
  });
  const column = name => history.map(each => each[name]);
  const legend = classes?.map((name, i) => html`<li>
    <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
      <path d=${SHAPES[i % SHAPES.length]} style=${{ fill: `var(${COLORS[i % COLORS.length]})` }} />
    </svg> ${name}
  </li>`);
  return html`<section>
    <${Chart} title="Predictions" note=${`epoch ${number(epoch)}`} table=${table}>
      <${Plane} id="boundary" data=${data} predictions=${predictions}
        aria-label=${`${right} to the right, ${up} upwards`} />
      <p class="ends"><small>${right} →</small><small>↑ ${up}</small></p>
      <ul class="legend">
        ${legend ?? html`<li>${number(bounds[0], 3)}</li><li class="scale"></li><li>${number(bounds[1], 3)}</li>`}
      </ul>
    <//>
    <${LossChart} height=${180}
      history=${{ epochs: column('epoch'), loss: column('loss'), validationLoss: column('validationLoss') }} />
  </section>`;
}

export default function Playground({ query }) {
  const hash = new URLSearchParams(query).toString();
  const [settings, setSettings] = useState(() => settingsFrom(query));
  const [file, setFile] = useState(null);
  const [experiment] = useState(() => new Experiment());
  const [all, setAll] = useState(BEGINNING);
  const { rate, batch, ...others } = settings;
  const data = useMemo(() => dataOf(settings, file), [JSON.stringify(others), file]);
  const state = all.data === data ? all : { ...all, ...BEGINNING };
  const { epoch, loss } = state.history.at(-1);
  const change = changes => setSettings(before => ({ ...before, ...changes }));
  const train = epochs => experiment.train(settings, data, epochs);
  experiment.changed = setAll;
  useEffect(() => setSettings(settingsFrom(query)), [hash]);
  useEffect(() => () => experiment.reset(), [data]);
  useEffect(() => {
    history.replaceState(null, '', `#/playground?${new URLSearchParams(settings)}`.replaceAll('%2C', ','));
  }, [settings]);
  useEffect(() => {
    if (state.playing) {
      experiment.pause();
      train(MAX_EPOCHS);
    }
  }, [rate, batch]);
  useEffect(() => {
    const leave = () => experiment.reset(true);
    addEventListener('pagehide', leave);
    return () => removeEventListener('pagehide', leave);
  }, []);
  useView('playground', 'Playground');
  const select = (name, label, id = name) => {
    const choose = event => change({ [name]: optionOf(name, event.target.value) });
    return html`<${Field} label=${label}>
      <select id=${id} value=${settings[name]} onChange=${choose}>
        ${OPTIONS[name].map(each => html`<option value=${each}>${each > 0 ? number(each) : each}</option>`)}
      </select>
    <//>`;
  };
  return html`
    <h1 tabindex="-1">Playground</h1>
    <div id="playground" data-epoch=${state.epoch} data-loss=${loss}>
      <div class="toolbar knobs">
        <button type="button" id="play" aria-label="Play" aria-pressed=${Boolean(state.playing)}
          onClick=${() => (state.playing ? experiment.pause() : train(MAX_EPOCHS))}>
          <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path fill="currentColor" d=${state.playing ? 'M6 5h4v14H6zM14 5h4v14h-4z' : 'M8 5v14l11-7z'} />
          </svg>
        </button>
        <div class="epoch"><small>Epoch</small><strong>${number(epoch)}</strong></div>
        <button type="button" id="step" class="secondary" disabled=${state.playing} onClick=${() => train(STEP)}>
          Step <small>${STEP} epochs</small>
        </button>
        <button type="button" id="reset" class="secondary" onClick=${() => experiment.reset()}>Reset</button>
        ${select('rate', 'Learning rate', 'learning-rate')}
        ${select('activation', 'Activation')}
        ${select('optimizer', 'Optimizer')}
        ${select('batch', 'Batch size')}
      </div>
      <${Alert} problem=${state.problem} />
      <div class="playing">
        <${Data} ...${{ settings, change, select, setFile }} />
        <${Layers} ...${{ hidden: settings.layers, change, data, state }} />
        <${Result} ...${{ data, state }} />
      </div>
    </div>`;
}
