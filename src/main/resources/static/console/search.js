// Tab Search of a model: a search with its leaderboard and charts, and how to start another one.
import { html, useEffect } from './vendor/htm-preact.js';
import { axisOf, Bars, Lines, Points } from './charts.js';
import { call, follow, modelPath } from './http.js';
import { NoneYet, StartForm, Status } from './train.js';
import {
  Alert, Chart, files, modelHash, number, optionsOf, save, Table, textOf, useAction, useLoad, useView, words,
} from './ui.js';

const MOST_POINTS = 6000; // of the losses of all trials together
const STRATEGIES = ['successive_halving', 'sobol', 'grid'];
const METRICS = ['log_loss', 'accuracy', 'auc', 'root_mean_squared_error', 'mean_absolute_error', 'r2'];

/** The lines of the types of trials, in the order of drawing: given up, still kept, the best. */
const STYLES = {
  lost: { stroke: '--control', width: 0.5 },
  kept: { stroke: '--class-1', width: 1.5 },
  best: { stroke: '--class-2', width: 3 },
};

/** The fields of a search. */
export const SearchFields = ({ input, select }) => [
  select('Strategy', 'strategy', optionsOf(STRATEGIES, null, words)),
  input('Trials', 'trials', { type: 'number', min: 1, placeholder: 36 }),
  select('Metric', 'metric', optionsOf(['', ...METRICS], null, name => words(name) || 'by the task')),
];

/** The searches of a model, newest first, and one of them with its trials. */
async function load(model, wanted, signal) {
  const get = (query, ...rest) =>
    call('GET', modelPath(model, 'searches', ...rest), { query, background: true, signal });
  const { searches } = await get({});
  const n = wanted ?? searches[0]?.number;
  if (!n) {
    return { searches };
  }
  const search = await get({}, n);
  const points = Math.min(500, Math.ceil(MOST_POINTS / search.trials));
  return { searches, search, ...(await get({ points }, n, 'trials')) };
}

export default function Search({ model, query, reload }) {
  const { data, problem, reload: refresh } =
    useLoad(signal => load(model.id, query.number, signal), [model, query.number]);
  const { search, searches = [] } = data ?? {};
  const canStart = model.target || files.has(model.id);
  const isRunning = search && !search.finishedAt;
  useView('search', model.id, Boolean(data ?? problem));
  useEffect(() => {
    const controller = new AbortController();
    let timer = null;
    const changed = () => {
      timer ??= setTimeout(() => {
        timer = null;
        refresh();
      }, 1000);
    };
    const path = modelPath(model.id, 'searches', search?.number);
    isRunning && follow(path, { signal: controller.signal, on: { trial: changed, rung: changed } })
      .then(ended => ended && reload(), refresh);
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [search?.number, isRunning]);
  return html`
    <${Alert} problem=${problem} />
    ${data && !search && (canStart
      ? html`<p>A search compares settings on rows that are held out, and trains the best on all rows.</p>`
      : html`<${NoneYet} />`)}
    ${search && html`<${Shown} key=${search.number} ...${data} model=${model.id} />`}
    ${data && !isRunning && canStart && html`
      <h2>${search ? 'Another search' : 'Search'}</h2>
      <${StartForm} model=${model} operation="search" text="Search for the best" onStart=${reload}
        fields=${each => [
          ...SearchFields(each),
          each.input('Validation share', 'validationSplit', { placeholder: 0.2 }),
          each.input('Time limit in seconds', 'timeLimitSeconds', { type: 'number', min: 1 }),
        ]} />`}
    ${searches.length > 1 && html`<p>
      All searches: ${searches.map(({ number: n, state }) => html`
        <a href="${modelHash(model.id, 'search')}?number=${n}">${n} ${state}</a> `)}
    </p>`}`;
}

function Shown({ model, search, trials }) {
  const { number: n, metric, rungs, leaderboard, best, space, reproduce } = search;
  const path = modelPath(model, 'searches', n);
  const [download, , failed] = useAction(async () =>
    save(await call('GET', `${path}/trials`, { headers: { Accept: 'text/csv' } }), `${model}-search-${n}.csv`));
  const fields = Object.keys(space);
  const typeOf = ({ trial, state }) =>
    (trial === best?.trial ? 'best' : /stopped|diverged/.test(state) ? 'lost' : 'kept');
  const head = ['Trial', words(metric), 'Validation loss', 'Epochs', ...fields];
  const rowOf = ({ trial, metric: value, validationLoss, epochs, configuration }) => [
    trial === 0 ? '0, as it was' : String(trial), value, validationLoss, epochs,
    ...fields.map(name => textOf(configuration[name])),
  ];
  const ofType = type => trials.filter(each => typeOf(each) === type);
  const views = { metric, trials, ofType, table: () => ({ head, rows: trials.map(rowOf) }) };
  const figures = {
    Trials: `${number(search.trialsCompleted)} of ${number(search.trials)}`,
    [`Best ${words(metric)}`]: best?.metric,
    'Model as it was': trials.find(({ trial }) => trial === 0)?.metric,
  };
  return html`
    <section id="search" data-state=${search.state}>
      <${Status} title="Search ${n}" path=${path} work=${search} figures=${figures}
        result="has the settings of trial ${best?.trial}">
        <button id="csv" class="secondary" onClick=${download}>Trials as CSV</button>
      <//>
      <${Alert} problem=${failed} />
      ${reproduce && html`<p>${reproduce.trials} trials and ${reproduce.rungs} rungs have the same result.</p>`}
    </section>
    <div class="split">
      <${Losses} ...${views} />
      <figure class="chart">
        <figcaption><strong>Trials completed</strong></figcaption>
        <${Bars} label="Trials completed" to=${search.trials}
          items=${rungs.map(({ epochs, completed: value }) => ({ name: `${number(epochs)} epochs`, value }))} />
      </figure>
    </div>
    ${best && html`<section>
      <h3>Leaderboard</h3>
      <${Table} id="leaderboard" label="Leaderboard" head=${head} rows=${leaderboard.map(rowOf)}
        attributes=${i => ({ 'data-trial': leaderboard[i].trial })} />
    </section>
    <div class="cards" id="fields">
      ${fields.map(name => html`<${Measured} key=${name} name=${name} range=${space[name]} ...${views} />`)}
    </div>`}`;
}

/** The losses of all trials. */
function Losses({ ofType, table }) {
  const lines = Object.keys(STYLES).flatMap(type => ofType(type).filter(({ history }) => history?.epochs.length > 0)
    .map(({ trial, history }) => ({ name: `Trial ${trial}`, history, ...STYLES[type] })));
  const data = lines.length > 0
    && uPlot.join(lines.map(({ history }) => [history.epochs, history.validationLoss ?? history.loss]));
  return data && html`<${Chart} id="losses" title="Validation loss by epoch" table=${table}
    note="the best wide, those given up thin">
    <${Lines} ...${{ lines, data, marked: lines.length, legend: false }}
      logarithmic=${data.every(values => values.every(value => value == null || value > 0))} />
  <//>`;
}

/** The metric of each trial against a field: on an axis of numbers, or side by side in each category. */
function Measured({ name, range, metric, trials, ofType, table }) {
  const isMeasured = each => each.metric != null && each.configuration[name] != null;
  const valueOf = each => textOf(each.configuration[name]);
  const values = trials.filter(isMeasured).map(valueOf);
  const metrics = trials.filter(isMeasured).map(each => each.metric);
  const categories = range.values && [...new Set([...range.values.map(textOf), ...values])];
  const x = categories
    ? { name, at: place => place / categories.length, ticks: categories.map((each, i) => [i + 0.5, String(each)]) }
    : axisOf(name, values, range.scale === 'log');
  const place = each => categories.indexOf(valueOf(each)) + 0.2 + 0.6 * ((0.618 * each.trial) % 1);
  const points = Object.fromEntries(Object.keys(STYLES).map(type => [type, ofType(type).filter(isMeasured)
    .map(each => [categories ? place(each) : valueOf(each), each.metric])]));
  return values.length > 0 && html`<${Chart} title=${name} note=${words(metric)} table=${table}>
    <${Points} x=${x} y=${axisOf(words(metric), metrics, /loss|error/.test(metric) && Math.min(...metrics) > 0)}
      points=${points} height=${200} />
  <//>`;
}
