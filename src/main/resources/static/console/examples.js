// The examples of view Start, and how a model is created, trained and shown.
import { call, modelPath } from './http.js';
import { files, go, modelHash } from './ui.js';

/** Two classes of points on spirals that wind around each other; the same points every time. */
export function spirals(perClass = 150) {
  const point = (i, side) => {
    const radius = 0.1 + (0.9 * i) / perClass;
    const angle = 3.5 * Math.PI * (i / perClass) + side * Math.PI;
    return [radius * Math.cos(angle), radius * Math.sin(angle)].map(each => Number(each.toFixed(4)));
  };
  const rows = Array.from({ length: 2 * perClass }, (_, i) => [point(i >> 1, i % 2), i % 2 ? 'inner' : 'outer']);
  return { inputs: rows.map(([input]) => input), targets: rows.map(([, target]) => target) };
}

const table = (target, epochs) => ({
  model: { hidden: [64, 32], seed: 7 },
  options: { target, epochs, validationSplit: 0.2 },
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
    data: spirals,
  },
  iris: { name: 'Iris', note: 'Three species of flowers by four measures', ...table('species', 200) },
  penguins: { name: 'Penguins', note: 'Numbers, words and gaps', ...table('species', 100) },
};

/** The ids of all models. */
export async function modelIds(signal) {
  const ids = [];
  let page = {};
  do {
    page = await call('GET', 'models', { query: { limit: 1000, cursor: page.next }, background: true, signal });
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
 * Creates a model, starts its training and shows it; deletes the model if the training is refused. The body is a File of
 * CSV with a query of options, or an object.
 */
export async function createAndTrain(model, { body, query = {} }) {
  await call('POST', 'models', { body: model });
  const type = body instanceof File ? { 'Content-Type': 'text/csv' } : {};
  try {
    const headers = { Prefer: 'respond-async', ...type };
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
