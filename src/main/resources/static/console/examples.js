// The examples of view Start, the sets of the playground, and how a model is created and trained.
import { call, modelPath } from './http.js';
import { files, go, modelHash } from './ui.js';

const table = epochs => ({
  model: { hidden: [64, 32], seed: 7 },
  options: { target: 'species', epochs, validationSplit: 0.2 },
});

export const EXAMPLES = {
  xor: {
    name: 'Exclusive or',
    note: 'Four rows, the network of the article',
    model: { layerCount: 2, hiddenUnits: [4], learningRate: 0.5, seed: 42 },
    options: { epochs: 4000 },
    data: () => ({ inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [[0], [1], [1], [0]] }),
  },
  spirals: {
    name: 'Two spirals',
    note: 'Classes that wind around each other',
    model: { hidden: [32, 32], activation: 'tanh', learningRate: 0.01, seed: 7 },
    options: { epochs: 400, validationSplit: 0.2 },
    data: () => pointSet('spirals', 0, 300, 1),
  },
  iris: { name: 'Iris', note: 'Species of flowers by four measures', ...table(200) },
  penguins: { name: 'Penguins', note: 'Numbers, words and gaps', ...table(100) },
};

/** The ids of all models. */
export async function modelIds(signal) {
  const ids = [];
  let page = {};
  do {
    const query = { limit: 1000, cursor: page.next };
    page = await call('GET', 'models', { query, background: true, signal });
    ids.push(...page.models.map(model => model.id));
  } while (page.next);
  return ids;
}

/** An id that no model has: iris, iris-2, iris-3 … */
export function freeId(id, taken) {
  let free = id;
  for (let i = 2; taken.includes(free); i++) {
    free = `${id.slice(0, 60)}-${i}`;
  }
  return free;
}

/**
 * Creates a model, starts its training and shows it; deletes the model if the training is refused. The body is
 * a File of CSV with a query of options, or an object.
 */
export async function createAndTrain(model, { body, query = {} }) {
  await call('POST', 'models', { body: model });
  const type = body instanceof File ? 'text/csv' : 'application/json';
  const headers = { Prefer: 'respond-async', 'Content-Type': type };
  try {
    await call('POST', modelPath(model.id, 'train'), { query, body, headers });
  } catch (problem) {
    await call('DELETE', modelPath(model.id)).catch(() => {});
    throw problem;
  }
  if (body instanceof File) {
    files.set(model.id, { file: body, ...query });
  }
  go(modelHash(model.id, 'train'));
}

export async function runExample(name) {
  const { model, options, data } = EXAMPLES[name];
  const id = freeId(name, await modelIds());
  if (data) {
    return createAndTrain({ id, ...model }, { body: { ...data(), ...options } });
  }
  const content = await call('GET', `console/examples/${name}.csv`);
  return createAndTrain({ id, ...model }, { body: new File([content], `${name}.csv`), query: options });
}

/** Random numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

const polar = (radius, angle) => [radius * Math.sin(angle), radius * Math.cos(angle)];

/** A point of each set of the playground from numbers of 0 to 1: side is 0 or 1 in turn, u and v are random. */
const POINTS = {
  xor: (side, u, v) => (side ? [[5 * u, 5 * v], [-5 * u, -5 * v]] : [[5 * u, -5 * v], [-5 * u, 5 * v]])[u > v ? 0 : 1],
  circles: (side, u, v) => polar(side ? 2.5 * Math.sqrt(u) : 3.5 + 1.5 * u, 2 * Math.PI * v),
  spirals: (side, u) => polar(0.2 + 4.8 * u, 3.5 * Math.PI * u + side * Math.PI),
  gaussians: (side, u, v) => polar(Math.sqrt(-2 * Math.log(1 - u)), 2 * Math.PI * v).map(each => each + 4 * side - 2),
  plane: (side, u, v) => [10 * u - 5, 10 * v - 5],
};

/** The sets of the playground. */
export const SETS = Object.keys(POINTS);

/** Points in a square of −6 to 6, each moved by noise (0 to 50); targets are classes, or numbers for the plane. */
export function pointSet(name, noise, count, seed) {
  const next = random(seed);
  const round = value => Number(value.toFixed(3));
  const rows = Array.from({ length: count }, (_, i) => {
    const exact = POINTS[name](i % 2, next(), next());
    const input = exact.map(each => round(each + (noise / 25) * (next() - 0.5) * 2));
    return { input, target: name === 'plane' ? round((exact[0] + exact[1]) / 10) : i % 2 ? 'blue' : 'orange' };
  });
  return { inputs: rows.map(row => row.input), targets: rows.map(row => row.target) };
}
