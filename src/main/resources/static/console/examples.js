// The examples of view Start, the sets of the playground, and how a model is created and trained.
import { call, modelPath } from './http.js';
import { files, go, modelHash } from './ui.js';

const fileOf = async name => new File([await call('GET', `console/examples/${name}.csv`)], `${name}.csv`);

const species = {
  model: { hidden: [64, 32], seed: 7 },
  source: async name => ({ file: await fileOf(name), target: 'species', epochs: 100, validationSplit: 0.2 }),
};

/** The examples: a model, and the source of its training. */
export const EXAMPLES = {
  xor: {
    name: 'Exclusive or',
    note: 'Four rows, the network of the article',
    model: { layerCount: 2, hiddenUnits: [4], learningRate: 0.5, seed: 42 },
    source: () => ({ inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [[0], [1], [1], [0]], epochs: 4000 }),
  },
  spirals: {
    name: 'Two spirals',
    note: 'Classes that wind around each other',
    model: { hidden: [32, 32], activation: 'tanh', learningRate: 0.01, seed: 7 },
    source: () => ({ ...pointSet('spirals', 0), epochs: 400, validationSplit: 0.2 }),
  },
  iris: { name: 'Iris', note: 'Species of flowers by four measures', ...species },
  penguins: { name: 'Penguins', note: 'Numbers, words and gaps', ...species },
};

export async function runExample(name) {
  const { model, source } = EXAMPLES[name];
  return createAndStart({ id: await freeId(name), ...model }, await source(name));
}

/** An id that none of the newest models has: iris, iris-2, iris-3 … */
export async function freeId(id) {
  const { models } = await call('GET', 'models', { query: { limit: 1000 }, background: true });
  const taken = new Set(models.map(model => model.id));
  return [id, ...models.map((_, i) => `${id}-${i + 2}`)].find(each => !taken.has(each));
}

/** Creates a model, starts its training or search and shows it. The model is deleted if that is refused. */
export async function createAndStart(model, source, operation = 'train', options = {}) {
  await call('POST', 'models', { body: model });
  try {
    await start(model.id, source, operation, options);
  } catch (problem) {
    await call('DELETE', modelPath(model.id)).catch(() => {});
    throw problem;
  }
  go(modelHash(model.id, operation));
}

/** Starts a training or search with options on a source: a file and how it is read, or members of a JSON body. */
export async function start(id, source, operation, options) {
  const { file, ...others } = { ...source, ...options };
  for (const name of operation === 'search' ? ['learningRate', 'earlyStopping.patience'] : []) {
    delete others[name];
  }
  const data = file ? { query: others, body: file } : { body: others };
  const headers = { Prefer: 'respond-async', 'Content-Type': file ? 'text/csv' : 'application/json' };
  await call('POST', modelPath(id, operation), { ...data, headers });
  files.set(id, source);
}

const polar = (radius, angle) => [radius * Math.sin(angle), radius * Math.cos(angle)];

/** A point of each set of the playground by its side, 0 or 1 in turn, and two random numbers from 0 to 1. */
const POINTS = {
  xor: (side, u, v) => [10 * u - 5, 5 * v * Math.sign(u - 0.5) * (2 * side - 1)],
  circles: (side, u, v) => polar(side ? 2.5 * Math.sqrt(u) : 3.5 + 1.5 * u, 2 * Math.PI * v),
  spirals: (side, u) => polar(0.2 + 4.8 * u, 3.5 * Math.PI * u + side * Math.PI),
  gaussians: (side, u, v) => polar(Math.sqrt(-2 * Math.log(1 - u)), 2 * Math.PI * v).map(each => each + 4 * side - 2),
  plane: (side, u, v) => [10 * u - 5, 10 * v - 5],
};

/** The sets of the playground. */
export const SETS = Object.keys(POINTS);

/** 400 points, each moved by noise (0 to 50); targets are classes, or numbers for the plane. */
export function pointSet(name, noise) {
  let state = 1;
  const random = () => (state = (16807 * state) % 2147483647) / 2147483647; // by Park and Miller
  const round = value => Number(value.toFixed(3));
  const [inputs, targets] = [[], []];
  for (let i = 0; i < 400; i++) {
    const point = POINTS[name](i % 2, random(), random());
    inputs.push(point.map(each => round(each + (noise / 12.5) * (random() - 0.5))));
    targets.push(name === 'plane' ? round((point[0] + point[1]) / 10) : i % 2 ? 'blue' : 'orange');
  }
  return { inputs, targets };
}
