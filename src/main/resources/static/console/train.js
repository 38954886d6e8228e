// Tab Train of a model: the current or last training, others for comparison, and training on.
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { LossChart } from './charts.js';
import { call, follow, modelPath } from './http.js';
import { Alert, duration, Field, files, modelHash, number, useAction, useLoad, useView } from './ui.js';

const POINTS = 2000; // of a history, which is loaded again when events have made it twice as long

const loadHistory = (path, options) => call('GET', `${path}/history`, { query: { points: POINTS }, ...options });

/** Appends an epoch. A service that was restarted repeats those after its last checkpoint. */
function append({ epochs, loss, validationLoss }, event) {
  const columns = [epochs, loss, validationLoss].filter(Boolean);
  while (epochs.at(-1) >= event.epoch) {
    columns.forEach(column => column.pop());
  }
  [event.epoch, event.loss, event.validationLoss].slice(0, columns.length).forEach((value, i) => columns[i].push(value));
}

const isOver = ({ state }) => state !== 'queued' && state !== 'running';

/** A training with its history, as it goes on: {training, history, problem}. Calls onEnd when it ends. */
function useTraining(model, n, onEnd) {
  const [state, setState] = useState({});
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const path = modelPath(model, 'trainings', n);
    let [training, history, problem, timer, shown] = [null, null, null, 0, 0];
    const show = () => {
      shown ||= setTimeout(() => {
        shown = 0;
        signal.aborted || setState({ training, history, problem });
      }, 200);
    };
    const fail = failure => {
      problem = failure;
      show();
    };
    const get = async background => {
      training = await call('GET', path, { background, signal });
      show();
    };
    const load = async () => {
      const loaded = await loadHistory(path, { background: history != null, signal });
      const last = loaded.epochs.at(-1) ?? 0;
      history?.epochs.forEach((epoch, i) => epoch > last
        && append(loaded, { epoch, loss: history.loss[i], validationLoss: history.validationLoss?.[i] }));
      [history, timer] = [loaded, 0];
      show();
    };
    const connected = () => load().catch(fail);
    const epoch = event => {
      const last = history?.epochs.at(-1) ?? 0;
      if (!timer && (event.epoch > last + 1 || history.epochs.length > 2 * POINTS)) {
        timer = setTimeout(connected, 2000); // there are epochs without an event
      }
      if (history) {
        append(history, event);
      }
      training = { ...training, ...event, state: 'running', epochsCompleted: event.epoch };
      show();
    };
    const run = async () => {
      await get();
      const ended = isOver(training) ? training : await follow(model, n, { signal, on: { connected, epoch } });
      await load();
      if (ended !== training) {
        training = ended;
        onEnd();
      }
      show();
    };
    const poll = setInterval(() => training?.state === 'queued' && get(true).catch(fail), 2000);
    run().catch(fail);
    return () => {
      controller.abort();
      clearInterval(poll);
      clearTimeout(timer);
    };
  }, [n]);
  return state;
}

const REASONS = {
  epochs: 'All epochs are done.',
  early_stopping: 'Stopped early, because it no longer improved.',
  time_limit: 'Stopped at its time limit.',
  cancelled: 'Cancelled.',
};
const words = name => name?.replaceAll('_', ' ');
const title = ({ kind, number: n }) => `${kind === 'training' ? 'Training' : 'Cross-validation'} ${n}`;

function Progress({ model, path, training }) {
  const { state, epochs, epochsCompleted, examples, examplesPerSecond, stopReason, version } = training;
  const [cancel, cancelling, problem] = useAction(keep =>
    call('POST', `${path}/cancel`, { query: { keep }, headers: { Prefer: 'respond-async' } }));
  const cancelButton = (id, keep, label, effect) => html`
    <button id=${id} class="secondary" title=${effect} disabled=${cancelling} onClick=${() => cancel(keep)}>${label}</button>`;
  const seconds = count => (examplesPerSecond ? duration((count * examples) / examplesPerSecond) : '–');
  const [metric, value] = Object.entries(training.validationMetrics ?? {})[0] ?? [];
  const over = isOver(training);
  const figures = {
    Epoch: `${number(epochsCompleted)} of ${number(epochs)}`,
    Loss: number(training.loss),
    'Validation loss': number(training.validationLoss),
    [`Validation ${words(metric)}`]: metric && number(value),
    'Examples per second': number(examplesPerSecond),
    Elapsed: seconds(epochsCompleted),
    'Time left': !over && seconds(epochs - epochsCompleted),
  };
  return html`
    <div class="head">
      <h2>${title(training)} <span class="badge" data-state=${state} aria-live="polite">${state}</span></h2>
      <div class="actions">
        ${!over && cancelButton('cancel', false, 'Cancel', 'The model stays as it was')}
        ${!over && cancelButton('cancel-keep', true, 'Cancel and keep', 'What was learned becomes a version')}
        ${version && html`<a role="button" href=${modelHash(model, 'try')}>Try it</a>`}
      </div>
    </div>
    ${!over && html`<progress value=${training.progress} aria-label="Progress"></progress>`}
    <${Alert} problem=${state === 'failed' ? { title: 'Training failed', message: training.error } : problem} />
    ${state === 'queued' && html`<p>Waits at place ${training.queuePosition} of the queue.</p>`}
    ${REASONS[stopReason] && html`<p>${REASONS[stopReason]} ${version
      ? `Version ${version} has the parameters of epoch ${number(training.bestEpoch)}.` : 'The model is as it was.'}</p>`}
    ${training.warnings?.map(each => html`<p class="notice wrap">${each}</p>`)}
    <dl class="figures">
      ${Object.entries(figures).map(([name, each]) => each && html`<div><dt>${name}</dt><dd>${each}</dd></div>`)}
    </dl>`;
}

function Curves({ training, history, others }) {
  const [logarithmic, setLogarithmic] = useState(false);
  const { epochs, validationLoss } = history;
  const lowest = validationLoss?.reduce((best, each, i) => (each < (validationLoss[best] ?? Infinity) ? i : best), 0);
  return html`
    <${LossChart} history=${history} others=${others} logarithmic=${logarithmic} best=${training.bestEpoch ?? epochs[lowest]}
      note=${training.crossValidation && 'one fold after the other'} />
    <label><input type="checkbox" role="switch" id="scale" onChange=${() => setLogarithmic(!logarithmic)} /> Logarithmic</label>`;
}

/** Trains the model on, with the file of the last training if the page still has it. */
function TrainOn({ model, last, onStart }) {
  const kept = files.get(model.id);
  const [start, running, problem] = useAction(async event => {
    event.preventDefault();
    const form = new FormData(event.target);
    const chosen = form.get('file');
    const { file, ...options } = chosen?.size ? { file: chosen, target: model.target } : kept;
    const values = { epochs: Number(form.get('epochs')), reset: form.has('reset') };
    if (form.get('learningRate')) {
      values.learningRate = Number(form.get('learningRate'));
    }
    const headers = { Prefer: 'respond-async', 'Content-Type': file instanceof File ? 'text/csv' : 'application/json' };
    const sent = file instanceof File ? { body: file, query: { ...options, ...values } } : { body: { ...file, ...values } };
    const started = await call('POST', modelPath(model.id, 'train'), { ...sent, headers });
    files.set(model.id, { ...options, file });
    onStart(started.number);
  });
  return html`<form onSubmit=${start}>
    <h2>Train on</h2>
    <div class="toolbar">
      <${Field} label="Epochs" pointer="epochs" problem=${problem}>
        <input type="number" name="epochs" id="epochs" min="1" required value=${last.epochs} />
      <//>
      <${Field} label="Learning rate" pointer="learningRate" problem=${problem}>
        <input type="number" name="learningRate" step="any" placeholder=${model.learningRate} />
      <//>
      ${model.target && html`<${Field} label=${kept ? `File, if not ${kept.file.name}` : 'File'}>
        <input type="file" name="file" accept=".csv,.tsv,.txt" required=${!kept} />
      <//>`}
      <label><input type="checkbox" name="reset" /> From fresh parameters</label>
      <button id="train-on" class="secondary" disabled=${running}>Train on</button>
    </div>
    <${Alert} problem=${problem} />
  </form>`;
}

function Training({ model, list, n, onEnd, onStart }) {
  const pathOf = each => modelPath(model.id, 'trainings', each);
  const { training, history, problem } = useTraining(model.id, n, onEnd);
  const [compared, setCompared] = useState({});
  useView('train', model.id, Boolean(history || problem));
  const compare = async ({ target: { checked, value } }) => {
    const { [value]: _, ...others } = compared;
    setCompared(checked ? { ...others, [value]: { ...(await loadHistory(pathOf(value))), suffix: ` of ${value}` } } : others);
  };
  const others = list.filter(each => each.number !== n);
  return html`
    <${Alert} problem=${problem} />
    ${others[0]?.number > n && html`<p class="notice">${title(others[0])} has begun.
      <button class="quiet" onClick=${() => onStart(others[0].number)}>Show it</button></p>`}
    ${training && html`<section id="training" data-number=${n} data-state=${training.state} data-epoch=${training.epochsCompleted}>
      <${Progress} model=${model.id} path=${pathOf(n)} training=${training} />
      ${history?.epochs.length > 0 && html`<${Curves} training=${training} history=${history} others=${Object.values(compared)} />`}
    </section>`}
    ${others.length > 0 && html`<fieldset>
      <legend>Compare with</legend>
      ${others.map(each => html`<label key=${each.number}>
        <input type="checkbox" data-compare=${each.number} value=${each.number} onChange=${compare} />
        ${title(each)}: ${each.state}, loss ${number(each.validationLoss ?? each.loss)}
      </label>`)}
    </fieldset>`}
    ${training && isOver(training) && (model.target || files.has(model.id)) && html`
      <${TrainOn} model=${model} last=${training} onStart=${onStart} />`}`;
}

export default function Train({ model, reload }) {
  const { data: list, problem, reload: refresh } = useLoad(async signal =>
    (await call('GET', modelPath(model.id, 'trainings'), { signal })).trainings, [model.id]);
  const [chosen, setChosen] = useState(null);
  const n = chosen ?? list?.[0]?.number;
  useView('train', model.id, list?.length === 0);
  useEffect(() => {
    setChosen(n);
    addEventListener('focus', refresh);
    return () => removeEventListener('focus', refresh);
  }, [n]);
  const start = started => {
    setChosen(started);
    refresh();
  };
  return html`<${Alert} problem=${problem} />
    ${n && html`<${Training} key=${n} model=${model} list=${list} n=${n} onEnd=${reload} onStart=${start} />`}
    ${list?.length === 0 && html`<p class="empty">No training yet. Start one with a file on <a href="#/">Models</a>.</p>`}`;
}
