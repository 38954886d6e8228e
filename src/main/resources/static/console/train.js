// Tab Train of a model: its current or last training, earlier ones for comparison, and training on.
import { html, useEffect, useLayoutEffect, useState } from './vendor/htm-preact.js';
import { LossChart } from './charts.js';
import { call, follow, modelPath } from './http.js';
import {
  Alert, duration, Field, FileField, files, modelHash, number, useAction, useLoad, useView, Warnings,
} from './ui.js';

const POINTS = 2000; // of a history, which is loaded again when events have made it twice as long

const loadHistory = (model, n, options) =>
  call('GET', modelPath(model, 'trainings', n, 'history'), { query: { points: POINTS }, ...options });

/** Appends an epoch. A service that was restarted repeats those after its last checkpoint. */
function append({ epochs, loss, validationLoss }, event) {
  const columns = [epochs, loss, validationLoss ?? []];
  while (epochs.at(-1) >= event.epoch) {
    columns.forEach(values => values.pop());
  }
  [event.epoch, event.loss, event.validationLoss].forEach((value, i) => columns[i].push(value));
}

const isOver = ({ state }) => state !== 'queued' && state !== 'running';

/** What events say about a training, and its history: {live, history, problem}. Calls onEnd when it has ended. */
function useLive(model, training, onEnd) {
  const [state, setState] = useState({});
  const n = training?.number;
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    let [live, history, loading] = [null, null, 0];
    const show = problem => signal.aborted || setState({ live, history, problem });
    const load = async () => {
      history = await loadHistory(model, n, { background: history != null, signal });
      loading = 0;
      show();
    };
    const connected = () => load().catch(show);
    const epoch = event => {
      const { epochs } = history ?? { epochs: [] };
      if (event.epoch > (epochs.at(-1) ?? 0) + 1 || epochs.length > 2 * POINTS) {
        loading ||= setTimeout(connected, 2000); // there are epochs without an event
      }
      history && append(history, event);
      live = { ...event, state: 'running', epochsCompleted: event.epoch };
      show();
    };
    const run = async () => {
      const ended = isOver(training) ? null : await follow(model, n, { signal, on: { connected, epoch } });
      await load();
      live = ended;
      show();
      ended && onEnd();
    };
    setState({});
    n && run().catch(show);
    return () => {
      controller.abort();
      clearTimeout(loading);
    };
  }, [n]);
  return state;
}

const REASONS = {
  epochs: 'All epochs are done.',
  early_stopping: 'Stopped early, as it no longer improved.',
  time_limit: 'Stopped at its time limit.',
  cancelled: 'Cancelled.',
};
const titleOf = ({ kind, number: n }) => `${kind === 'training' ? 'Training' : 'Cross-validation'} ${n}`;

function Progress({ model, training }) {
  const { state, epochs, epochsCompleted, examples, examplesPerSecond, stopReason, version } = training;
  const [cancel, cancelling, problem] = useAction(keep =>
    call('POST', modelPath(model, 'trainings', training.number, 'cancel'), { query: { keep } }));
  const cancelButton = (id, keep, name, title) => html`
    <button ...${{ id, title }} class="secondary" disabled=${cancelling} onClick=${() => cancel(keep)}>
      ${name}
    </button>`;
  const seconds = count => (examplesPerSecond ? duration((count * examples) / examplesPerSecond) : '–');
  const metrics = Object.entries(training.validationMetrics ?? {});
  const over = isOver(training);
  const figures = [
    ['Epoch', `${number(epochsCompleted)} of ${number(epochs)}`],
    ['Loss', number(training.loss)],
    ['Validation loss', number(training.validationLoss)],
    ...metrics.map(([name, value]) => [`Validation ${name.replaceAll('_', ' ')}`, number(value)]),
    ['Examples per second', number(examplesPerSecond)],
    ['Elapsed', seconds(epochsCompleted)],
    ['Time left', over ? '–' : seconds(epochs - epochsCompleted)],
  ];
  return html`
    <div class="head">
      <h2>${titleOf(training)} <span class="badge" data-state=${state} aria-live="polite">${state}</span></h2>
      <div class="actions">
        ${!over && cancelButton('cancel', false, 'Cancel', 'The model stays as it was')}
        ${!over && cancelButton('cancel-keep', true, 'Cancel and keep', 'What was learned becomes a version')}
        ${version && html`<a role="button" href=${modelHash(model, 'try')}>Try it</a>`}
      </div>
    </div>
    ${!over && html`<progress value=${training.progress} aria-label="Progress"></progress>`}
    <${Alert} problem=${state === 'failed' ? { title: 'Training failed', message: training.error } : problem} />
    ${state === 'queued' && html`<p>Waits at place ${training.queuePosition} of the queue.</p>`}
    ${REASONS[stopReason] && html`<p>${REASONS[stopReason]} ${!version ? 'The model is as it was.'
      : `Version ${version} has the parameters of epoch ${number(training.bestEpoch)}.`}</p>`}
    <${Warnings} texts=${training.warnings} />
    <dl class="figures">
      ${figures.map(([name, value]) => value !== '–' && html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>`;
}

/** Trains the model on, with the file of the last training if the page still has it. */
function TrainOn({ model, epochs, onStart }) {
  const [source, setSource] = useState(files.get(model.id));
  const choose = file => setSource({ file, target: model.target });
  const [start, running, problem] = useAction(async event => {
    event.preventDefault();
    const { file: body, ...options } = source;
    const query = { ...options, ...Object.fromEntries(new FormData(event.target)) };
    const headers = { Prefer: 'respond-async', 'Content-Type': 'text/csv' };
    await call('POST', modelPath(model.id, 'train'), { query, body, headers });
    files.set(model.id, source);
    onStart();
  });
  return html`<form class="toolbar" onSubmit=${start}>
    <${Field} label="Epochs" pointer="epochs" problem=${problem}>
      <input type="number" name="epochs" id="epochs" min="1" required defaultValue=${epochs} />
    <//>
    <${FileField} label=${`File ${source?.file.name ?? ''}`} onFile=${choose} />
    <label><input type="checkbox" name="reset" value="true" /> From fresh parameters</label>
    <button id="train-on" class="secondary" disabled=${running || !source}>Train on</button>
    <${Alert} problem=${problem} />
  </form>`;
}

export default function Train({ model, reload }) {
  const { data: list, problem, reload: refresh } = useLoad(async signal =>
    (await call('GET', modelPath(model.id, 'trainings'), { background: true, signal })).trainings, [model.id]);
  const [newest, ...others] = list ?? [];
  const { live, history, problem: lost } = useLive(model.id, newest, refresh);
  const [compared, setCompared] = useState({});
  const [logarithmic, setLogarithmic] = useState(false);
  const training = newest && { ...newest, ...live };
  const isQueued = training?.state === 'queued';
  useLayoutEffect(() => newest?.version > model.version && reload(), [newest?.version]);
  useView('train', model.id, Boolean(history || lost || list?.length === 0));
  useEffect(() => {
    const timer = isQueued ? setInterval(refresh, 2000) : 0;
    addEventListener('focus', refresh); // somebody else may have started a training
    return () => {
      clearInterval(timer);
      removeEventListener('focus', refresh);
    };
  }, [isQueued]);
  const compare = async ({ target: { checked, value } }) => {
    const other = checked && { ...(await loadHistory(model.id, value)), suffix: ` of ${value}` };
    setCompared(before => ({ ...before, [value]: other }));
  };
  const validation = history?.validationLoss?.map(each => each ?? Infinity);
  const lowest = validation?.indexOf(Math.min(...validation));
  if (!training || lost || problem) {
    return list?.length === 0
      ? html`<p class="empty">No training yet. Start one with a file on <a href="#/">Models</a>.</p>`
      : html`<${Alert} problem=${lost ?? problem} />`;
  }
  return html`
    <section id="training" data-number=${training.number} data-state=${training.state}
      data-epoch=${training.epochsCompleted}>
      <${Progress} model=${model.id} training=${training} />
      ${history?.epochs.length > 0 && html`
        <${LossChart} history=${history} others=${Object.values(compared).filter(Boolean)} logarithmic=${logarithmic}
          best=${(training.settings?.earlyStopping && training.bestEpoch) ?? history.epochs[lowest]} />
        <label><input type="checkbox" role="switch" id="scale" onChange=${() => setLogarithmic(!logarithmic)} />
          Logarithmic</label>`}
    </section>
    ${others.length > 0 && html`<fieldset>
      <legend>Compare with</legend>
      ${others.map(each => html`<label key=${each.number}>
        <input type="checkbox" data-compare=${each.number} value=${each.number} onChange=${compare} />
        ${titleOf(each)}: ${each.state}, loss ${number(each.validationLoss ?? each.loss)}
      </label>`)}
    </fieldset>`}
    ${isOver(training) && model.target && html`
      <${TrainOn} model=${model} epochs=${training.epochs} onStart=${refresh} />`}`;
}
