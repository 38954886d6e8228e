// View Playground: a small network learns points in the plane, trained by the service.
import { html, useEffect, useMemo, useRef, useState } from './vendor/htm-preact.js';
import { color, Lines } from './charts.js';
import { columnsOf, MISSING, proposeTarget, read, taskOf } from './csv.js';
import { pointSet, SETS } from './examples.js';
import { call, follow, modelPath } from './http.js';
import { Drawing, parameterTable } from './network.js';
import { Alert, Chart, Field, number, useTheme, useView, useWidth } from './ui.js';

const GRID = 64; // predictions in each direction
const MAX_EPOCHS = 100_000; // of a press of Play
const [MAX_LAYERS, MAX_UNITS, MAX_ROWS] = [6, 8, 2000];
const COLORS = [2, 1, 3, 4, 5, 6, 7, 8].map(each => `--class-${each}`); // of the classes
const SHAPES = ['M0-5a5 5 0 1 0 .1 0z', 'M-4.5-4.5h9v9h-9z', 'M0-6l5.5 10h-11z', 'M0-6l6 6-6 6-6-6z']; // likewise
const OPTIONS = {
  set: SETS,
  activation: ['tanh', 'relu', 'sigmoid', 'silu', 'linear'],
  optimizer: ['sgd', 'adam', 'rmsprop'],
  rate: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
  batch: [1, 5, 10, 30, 100],
};
const RANGES = { noise: [0, 50], points: [50, 1000], seed: [0, 999] };
const DEFAULTS = {
  set: 'spirals', noise: 5, points: 500, seed: 1,
  layers: [8, 8], activation: 'tanh', optimizer: 'sgd', rate: 0.003, batch: 10,
};

const optionOf = (name, text) => OPTIONS[name]?.find(each => String(each) === text);

/** The settings in the query of the hash, and the default of each that is absent or invalid. */
function settingsFrom(query) {
  const settings = { ...DEFAULTS };
  Object.entries(query).forEach(([name, text]) => {
    const [least, most] = RANGES[name] ?? [];
    const units = text.split(',').filter(Boolean).map(Number);
    if (optionOf(name, text) != null) {
      settings[name] = optionOf(name, text);
    } else if (/^\d+$/.test(text) && text >= least && text <= most) {
      settings[name] = Number(text);
    } else if (name === 'layers' && units.length <= MAX_LAYERS && units.every(each => each % 1 === 0 && each > 0 && each <= MAX_UNITS)) {
      settings.layers = units;
    }
  });
  return settings;
}

/** A chosen file: its table, its columns, and the names of those drawn to the right, upwards and as color. */
async function fileOf(chosen) {
  const table = await read(chosen);
  const columns = columnsOf(table, table.decimal).filter(column => column.distinct > 1);
  const [target] = proposeTarget(columns);
  const names = columns.filter(({ name, type }) => type === 'numeric' && name !== target).map(({ name }) => name);
  if (names.length < 2) {
    throw new Error(`${chosen.name} needs two columns of numbers and one to predict.`);
  }
  return { table, columns, names: [names[0], names[1], target] };
}

function pointsOf({ table, columns, names }) {
  const { task } = taskOf(columns.find(({ name }) => name === names[2]));
  const cells = names.map(name => table.names.indexOf(name));
  const parse = text => parseFloat(table.decimal === ',' ? text.replace(',', '.') : text);
  const rows = table.rows
    .map(row => cells.map((cell, i) => (i < 2 || task === 'regression' ? parse(row[cell] ?? '') : row[cell] ?? '')))
    .filter(row => row.every(value => !Number.isNaN(value) && !MISSING.has(value)))
    .slice(0, MAX_ROWS);
  return { inputs: rows.map(row => row.slice(0, 2)), targets: rows.map(row => row[2]) };
}

/** The points with what is needed to train and draw them: classes, or the bounds of a number. */
function dataOf({ set, noise, points, seed }, file) {
  const own = set === 'file';
  const { inputs, targets } = own ? pointsOf(file) : pointSet(set, noise, points, seed);
  const range = values => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return [low - (high - low || 1) / 20, high + (high - low || 1) / 20];
  };
  const numbers = typeof targets[0] === 'number';
  return {
    inputs,
    targets,
    names: own ? file.names : ['x1', 'x2', 'y'],
    classes: numbers ? undefined : own ? [...new Set(targets)].sort() : ['orange', 'blue'],
    bounds: numbers && (own ? range(targets) : [-1, 1]),
    extent: own ? [0, 1].map(axis => range(inputs.map(row => row[axis]))) : [[-6, 6], [-6, 6]],
  };
}

/** The middles of the cells of a grid over the extent, from the top left to the bottom right. */
function gridOf([[left, right], [bottom, top]], size) {
  const at = (from, to, i) => Number((from + ((i + 0.5) * (to - from)) / size).toPrecision(6));
  return Array.from({ length: size ** 2 }, (_, i) => [at(left, right, i % size), at(top, bottom, Math.floor(i / size))]);
}

/** The class of a prediction, or the half that contains a number, and how certain or far from the middle it is, 0 to 1. */
function strength(prediction, bounds) {
  if (bounds) {
    const share = (2 * (prediction - bounds[0])) / (bounds[1] - bounds[0]) - 1;
    return [share < 0 ? 0 : 1, Math.min(1, Math.abs(share))];
  }
  const largest = Math.max(...prediction);
  return [prediction.indexOf(largest), (largest * prediction.length - 1) / (prediction.length - 1)];
}

/** A square image of strengths. */
function picture(strengths) {
  const size = Math.sqrt(strengths.length);
  const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size });
  const colors = COLORS.map(name => color(name).match(/\d+/g));
  const pixels = strengths.flatMap(([index, share]) => [...colors[index % colors.length], 20 + 140 * share]);
  canvas.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(pixels), size), 0, 0);
  return canvas;
}

/** Points, and predictions behind them. */
function Plane({ data, predictions, size = 0.75, ...canvasProperties }) {
  const [ref, width] = useWidth();
  const canvas = useRef(null);
  const theme = useTheme();
  useEffect(() => {
    const context = canvas.current.getContext('2d');
    canvas.current.width = canvas.current.height = width * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    if (predictions) {
      context.imageSmoothingQuality = 'high';
      context.drawImage(picture(predictions.map(each => strength(each, data.bounds))), 0, 0, width, width);
    }
    const [[left, right], [bottom, top]] = data.extent;
    const colors = COLORS.map(color);
    const shapes = SHAPES.map(path => new Path2D(path));
    context.strokeStyle = color('--surface');
    data.inputs.forEach(([x, y], i) => {
      const target = data.targets[i];
      const [index, share] = data.bounds ? strength(target, data.bounds) : [data.classes.indexOf(target), 1];
      context.save();
      context.translate(((x - left) / (right - left)) * width, ((top - y) / (top - bottom)) * width);
      context.scale(size, size);
      context.stroke(shapes[index % shapes.length]);
      context.globalAlpha = 0.3 + 0.7 * share;
      context.fillStyle = colors[index % colors.length];
      context.fill(shapes[index % shapes.length]);
      context.restore();
    });
  }, [data, predictions, width, theme]);
  return html`<div class="plane" ref=${ref}><canvas ref=${canvas} role="img" ...${canvasProperties}></canvas></div>`;
}

const ACTIVATIONS = {
  tanh: Math.tanh,
  relu: x => Math.max(0, x),
  sigmoid: x => 1 / (1 + Math.exp(-x)),
  silu: x => x / (1 + Math.exp(-x)),
  linear: x => x,
};

/** What each hidden unit answers over the plane, as URLs of images. */
function unitPictures({ layers, scaling }, activation, extent) {
  let rows = gridOf(extent, 20).map(row => row.map((x, i) => (x - scaling[i].offset) / scaling[i].factor));
  return layers.slice(0, -1).map(({ weights, biases }) => {
    const sum = (row, unit) => weights[unit].reduce((total, weight, i) => total + weight * row[i], biases[unit]);
    rows = rows.map(row => biases.map((_, unit) => ACTIVATIONS[activation](sum(row, unit))));
    return biases.map((_, unit) => picture(rows.map(row => strength(row[unit], [-1, 1]))).toDataURL());
  });
}

const BEGINNING = { playing: false, history: [], epoch: 0 };

/**
 * The model of the page and its training. Operations are done one after the other. The model is created when it is first
 * trained, and deleted when the data or the layers change or the view is left.
 */
class Experiment {
  path = (...rest) => modelPath(this.id, ...rest);
  id = `playground-${Math.random().toString(36).slice(2, 7)}`;
  state = BEGINNING; // of a training with state.data; history = [[epoch, loss, validationLoss]]
  sent = null; // the settings of the model, if it exists
  training = null; // the running one: {number, before, stop}
  last = Promise.resolve();

  update(changes) {
    this.state = { ...this.state, ...changes };
    this.changed(this.state);
  }

  fail = problem => this.update({ problem, playing: false });

  inTurn(action) {
    this.last = this.last.then(action).catch(this.fail);
  }

  train(settings, data, epochs) {
    const playing = epochs === MAX_EPOCHS;
    this.update({ data, playing, problem: null });
    this.inTurn(async () => {
      if (this.training) {
        return;
      }
      const next = { learningRate: settings.rate, batchSize: settings.batch, optimizer: settings.optimizer };
      if (!this.sent) {
        const { classes } = data;
        const { layers: hidden, activation, seed } = settings;
        const task = classes ? 'classification' : 'regression';
        const body = { id: this.id, task, classes, hidden, activation, ...next, seed, tags: { console: 'playground' } };
        await call('POST', 'models', { body });
      } else if (JSON.stringify(next) !== this.sent) {
        await call('PATCH', this.path(), { body: next });
      }
      this.sent = JSON.stringify(next);
      const { inputs, targets } = data;
      const headers = playing ? { Prefer: 'respond-async' } : {};
      const body = { inputs, targets, epochs, validationSplit: 0.2 };
      const training = await call('POST', this.path('train'), { body, headers });
      const before = this.state.history.at(-1)?.[0] ?? 0;
      this.training = { number: training.number, before, stop: new AbortController() };
      await (training.finishedAt ? this.end(training) : void this.watch(this.training));
    });
  }

  /** Follows a training and asks it for predictions, unless it is about to end. */
  async watch(training) {
    const { signal } = training.stop;
    let last = 0;
    const epoch = event => {
      this.add(event.epoch, event);
      if (!this.looking && !document.hidden && event.epochs - event.epoch > 5 * (event.epoch - last)) {
        this.looking = this.look('trainings', training.number, 'predict').finally(() => (this.looking = null));
      }
      last = event.epoch;
    };
    const ended = await follow(this.id, training.number, { signal, on: { epoch } }).catch(this.fail);
    if (ended) {
      this.inTurn(() => {
        if (this.training === training) {
          this.update({ playing: false });
          return this.end(ended);
        }
        return null;
      });
    }
  }

  /** Shows what the network predicts. A training that has just ended does not answer. */
  async look(...path) {
    const { data } = this.state;
    const body = { inputs: (data.grid ??= gridOf(data.extent, GRID)) };
    const answer = await call('POST', this.path(...path), { body, background: true }).catch(() => null);
    if (answer) {
      const epoch = answer.epoch ? this.training.before + answer.epoch : this.state.history.at(-1)[0];
      this.update({ predictions: answer.predictions, epoch });
    }
  }

  add(epoch, { loss, validationLoss }) {
    const { history } = this.state;
    const total = this.training.before + epoch;
    if (total > (history.at(-1)?.[0] ?? 0)) {
      this.update({ history: [...history, [total, loss, validationLoss]] });
    }
  }

  async end(training) {
    await this.looking;
    if (training.version) {
      this.add(training.epochsCompleted, training);
    }
    this.training = null;
    this.update({ problem: training.error && { message: training.error } });
    if (training.version) {
      const [{ layers }, { scaling }] = await Promise.all([
        call('GET', this.path('parameters'), { background: true }),
        call('GET', this.path(), { background: true }),
        this.look('predict'),
      ]);
      this.update({ parameters: { layers, scaling: scaling.inputs, epoch: this.state.epoch } });
    }
  }

  pause() {
    this.update({ playing: false });
    this.inTurn(async () => {
      if (this.training) {
        this.training.stop.abort();
        await this.looking;
        const path = this.path('trainings', this.training.number);
        const training = await call('GET', path, { background: true });
        await this.end(training.finishedAt ? training : await call('POST', `${path}/cancel`, { query: { keep: true } }));
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
      const exists = this.sent;
      this.sent = this.training = null;
      this.state = BEGINNING;
      this.update({});
      await (exists && call('DELETE', this.path(), { keepalive: true }));
    });
  }
}

function Data({ settings, change, file, setFile }) {
  const [problem, setProblem] = useState(null);
  const choose = async event => {
    try {
      setFile(await fileOf(event.target.files[0]));
      setProblem(null);
      change({ set: 'file' });
    } catch (e) {
      setProblem(e);
    }
  };
  const column = (label, index) => html`<${Field} label=${label}>
    <select value=${file.names[index]} onChange=${event => setFile({ ...file, names: file.names.with(index, event.target.value) })}>
      ${file.columns.map(({ name, type }) => (index === 2 || type === 'numeric') && html`<option>${name}</option>`)}
    </select>
  <//>`;
  const range = (label, name, step) => html`<${Field} label=${html`${label} <output>${number(settings[name])}</output>`}>
    <input type="range" id=${name} min=${RANGES[name][0]} max=${RANGES[name][1]} step=${step} value=${settings[name]}
      onInput=${event => change({ [name]: Number(event.target.value) })} />
  <//>`;
  return html`<section>
    <p><strong>Data</strong></p>
    <fieldset class="tiles">
      <legend class="visually-hidden">Data set</legend>
      ${SETS.map(set => html`<${Tile} key=${set} set=${set} settings=${settings} change=${change} />`)}
    </fieldset>
    ${settings.set === 'file'
      ? [column('To the right', 0), column('Upwards', 1), column('Color, to predict', 2)]
      : [range('Noise', 'noise', 1), range('Points', 'points', 50)]}
    <${Field} label="Seed">
      <input type="number" id="seed" min="0" max="999" required value=${settings.seed}
        onChange=${event => event.target.checkValidity() && change({ seed: Number(event.target.value) })} />
    <//>
    <${Field} label="Own CSV file"><input type="file" id="sample-file" accept=".csv,.tsv,.txt" onChange=${choose} /><//>
    <${Alert} problem=${problem} />
  </section>`;
}

function Tile({ set, settings: { set: chosen, noise, seed }, change }) {
  const data = useMemo(() => dataOf({ set, noise, points: 120, seed }), [set, noise, seed]);
  return html`<button type="button" class="tile" data-set=${set} aria-pressed=${set === chosen} onClick=${() => change({ set })}>
    <${Plane} data=${data} size=${0.4} aria-hidden="true" /><span>${set === 'xor' ? 'XOR' : set}</span>
  </button>`;
}

function Layers({ settings: { layers, activation }, change, data, state: { parameters, playing } }) {
  const pictures = useMemo(() => parameters && unitPictures(parameters, activation, data.extent), [parameters]);
  const button = (label, text, to, id) => html`<button type="button" class="secondary tiny" id=${id} aria-label=${label}
    title=${label} disabled=${!to} onClick=${() => change({ layers: to })}>${text}</button>`;
  const resize = (layer, by) => {
    const units = layers[layer] + by;
    return units > 0 && units <= MAX_UNITS && layers.with(layer, units);
  };
  const head = column => column > 0 && column <= layers.length && [
    button(`Fewer units in layer ${column}`, '−', resize(column - 1, -1)),
    button(`More units in layer ${column}`, '+', resize(column - 1, 1)),
  ];
  const note = [
    button('Remove a layer', '−', layers.length > 0 && layers.slice(0, -1), 'remove-layer'),
    button('Add a layer', '+', layers.length < MAX_LAYERS && [...layers, layers.at(-1) ?? 4], 'add-layer'),
  ];
  const outputs = !data.classes ? [data.names[2]] : data.classes.length > 2 ? data.classes : data.classes.slice(1);
  const drawing = { inputs: data.names.slice(0, 2), outputs, units: [...layers, outputs.length], parameters: parameters?.layers };
  return html`<section>
    <${Chart} title=${`${layers.length || 'No'} hidden layer${layers.length === 1 ? '' : 's'}`} note=${note}
      table=${() => parameterTable(drawing)} fresh=${[parameters, layers]}>
      <${Drawing} id="network" ...${drawing} head=${head} pictures=${pictures} running=${playing} />
      <ul class="legend">
        <li class="positive">positive weight</li>
        <li class="negative">negative weight</li>
        ${parameters && html`<li>as of epoch ${number(parameters.epoch)}</li>`}
      </ul>
    <//>
  </section>`;
}

function Result({ data: { names, classes, bounds, extent }, data, state: { predictions, history, epoch } }) {
  const answer = prediction =>
    bounds ? prediction[0] : classes.length > 2 ? classes[strength(prediction)[0]] : prediction[1];
  const table = () => {
    const grid = gridOf(extent, GRID);
    const steps = Array.from({ length: 9 }, (_, i) => 4 + 7 * i);
    return {
      head: [`${names[1]} \\ ${names[0]}`, ...steps.map(i => number(grid[i][0], 3))],
      rows: steps.map(i => [grid[i * GRID][1], ...steps.map(j => predictions && answer(predictions[i * GRID + j]))]),
    };
  };
  const [x, losses, validationLosses] = useMemo(() => [0, 1, 2].map(i => history.map(each => each[i])), [history]);
  const series = [
    { name: 'Training', values: losses, color: '--line-1' },
    { name: 'Validation', values: validationLosses, color: '--line-2', dash: [6, 4] },
  ];
  const marks = classes?.map((name, i) => html`<li><svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
    <path d=${SHAPES[i % SHAPES.length]} style=${{ fill: `var(${COLORS[i % COLORS.length]})` }} /></svg> ${name}</li>`);
  return html`<section>
    <${Chart} title="Predictions" note=${`epoch ${number(epoch)}`} table=${table} fresh=${[predictions]}>
      <${Plane} id="boundary" data=${data} predictions=${predictions}
        aria-label=${`Points, and predictions between them. To the right: ${names[0]}, upwards: ${names[1]}`} />
      <p class="ends"><small>${names[0]} →</small><small>↑ ${names[1]}</small></p>
      <ul class="legend">
        ${marks ?? html`<li>${number(bounds[0], 3)}</li><li class="scale"></li><li>${number(bounds[1], 3)}</li>`}
      </ul>
    <//>
    <${Chart} id="loss" title="Loss" note=${number(losses.at(-1))} fresh=${[history]}
      table=${() => ({ head: ['Epoch', 'Training', 'Validation'], rows: history })}>
      <${Lines} x=${x} series=${series} xName="Epoch" height=${180} />
    <//>
  </section>`;
}

export default function Playground({ query }) {
  const hash = new URLSearchParams(query).toString();
  const [settings, setSettings] = useState(() => settingsFrom(query));
  const [file, setFile] = useState(null);
  const [steps, setSteps] = useState(10);
  const [experiment] = useState(() => new Experiment());
  const [all, setAll] = useState(BEGINNING);
  const { rate, batch, optimizer, ...fixed } = settings;
  const form = JSON.stringify([fixed, fixed.set === 'file' && file.names]);
  const data = useMemo(() => dataOf(settings, file), [form, file]);
  const state = all.data === data ? all : BEGINNING;
  const last = state.history.at(-1) ?? [0];
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
  }, [rate, batch, optimizer]);
  useEffect(() => {
    const leave = () => experiment.reset(true);
    addEventListener('pagehide', leave);
    return () => removeEventListener('pagehide', leave);
  }, []);
  useView('playground', 'Playground');
  const select = (id, label, name) => html`<${Field} label=${label}>
    <select id=${id} value=${settings[name]} onChange=${event => change({ [name]: optionOf(name, event.target.value) })}>
      ${OPTIONS[name].map(each => html`<option value=${each}>${typeof each === 'number' ? number(each) : each}</option>`)}
    </select>
  <//>`;
  const status = state.playing ? 'The network learns on the server.'
    : last[0] ? `Paused after ${number(last[0])} epochs.` : 'Press play, and watch a network learn.';
  return html`
    <hgroup>
      <h1 tabindex="-1">Playground</h1>
      <p role="status">${status}</p>
    </hgroup>
    <div id="playground" data-epoch=${state.epoch} data-loss=${last[1]}>
      <div class="toolbar knobs">
        <button type="button" id="play" aria-label="Play" aria-pressed=${state.playing}
          onClick=${() => (state.playing ? experiment.pause() : train(MAX_EPOCHS))}>
          <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path fill="currentColor" d=${state.playing ? 'M6 5h4v14H6zM14 5h4v14h-4z' : 'M8 5v14l11-7z'} />
          </svg>
        </button>
        <div class="epoch"><small>Epoch</small><strong>${number(last[0])}</strong></div>
        <button type="button" id="step" class="secondary" disabled=${state.playing} onClick=${() => train(steps)}>Step</button>
        <${Field} label="Epochs a step">
          <select id="steps" value=${steps} onChange=${event => setSteps(Number(event.target.value))}>
            ${[1, 10, 100, 1000].map(each => html`<option value=${each}>${number(each)}</option>`)}
          </select>
        <//>
        <button type="button" id="reset" class="secondary" onClick=${() => experiment.reset()}>Reset</button>
        ${select('learning-rate', 'Learning rate', 'rate')}
        ${select('activation', 'Activation', 'activation')}
        ${select('optimizer', 'Optimizer', 'optimizer')}
        ${select('batch', 'Batch size', 'batch')}
      </div>
      <${Alert} problem=${state.problem} />
      <div class="playing">
        <${Data} ...${{ settings, change, file, setFile }} />
        <${Layers} ...${{ settings, change, data, state }} />
        <${Result} ...${{ data, state }} />
      </div>
    </div>`;
}
