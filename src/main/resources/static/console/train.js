// Tab Train of a model: its current or last training, earlier ones for comparison, and training on.
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { LossChart } from './charts.js';
import { startTraining } from './examples.js';
import { call, follow, modelPath } from './http.js';
import {
  Alert, Field, FileField, files, modelHash, number, timeLeft, useAction, useLoad, useView, Warnings,
} from './ui.js';

const loadHistory = (model, n, signal) =>
  call('GET', modelPath(model, 'trainings', n, 'history'), { background: true, query: { points: 2000 }, signal });

/** A training by its events, with its history: {live, history, problem}. Calls onEnd when it has ended. */
function useLive(model, training, onEnd) {
  const [state, setState] = useState({});
  const n = training?.number;
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const show = changes => signal.aborted || setState(before => ({ ...before, ...changes }));
    const fail = problem => show({ problem });
    let [history, loading] = [null, 0];
    const load = async () => {
      history = await loadHistory(model, n, signal);
      loading = 0;
      show({ history });
    };
    const epoch = event => {
      const last = history.epochs.at(-1);
      if (!(event.epoch <= last)) {
        history.epochs.push(event.epoch);
        history.loss.push(event.loss);
        history.validationLoss?.push(event.validationLoss);
      }
      if (event.epoch !== last + 1) { // epochs had no event, or a restarted service repeats them
        loading ||= setTimeout(() => load().catch(fail), 2000);
      }
      show({ live: { ...event, state: 'running', epochsCompleted: event.epoch } });
    };
    const run = async () => {
      await load();
      if (!training.finishedAt) {
        const live = await follow(model, n, { signal, on: { epoch } });
        await load();
        show({ live });
        onEnd();
      }
    };
    setState({});
    n && run().catch(fail);
    return () => {
      controller.abort();
      clearTimeout(loading);
    };
  }, [n]);
  return state;
}

function Progress({ model, training }) {
  const { state, epochs, epochsCompleted, stopReason, version } = training;
  const [cancel, cancelling, problem] = useAction(keep =>
    call('POST', modelPath(model, 'trainings', training.number, 'cancel'), { query: { keep } }));
  const over = Boolean(training.finishedAt);
  const button = (id, name, keep) => html`
    <button id=${id} class="secondary" disabled=${cancelling} onClick=${() => cancel(keep)}>${name}</button>`;
  const figures = {
    Epoch: `${number(epochsCompleted)} of ${number(epochs)}`,
    Loss: training.loss,
    'Validation loss': training.validationLoss,
    'Examples per second': training.examplesPerSecond,
    'Time left': over ? null : timeLeft(training),
  };
  return html`
    <div class="head">
      <h2>
        Training ${training.number} <span class="badge" data-state=${state} aria-live="polite">${state}</span>
      </h2>
      <div class="actions">
        ${!over && [button('cancel', 'Cancel', false), button('cancel-keep', 'Cancel and keep', true)]}
        ${version && html`<a role="button" href=${modelHash(model)}>Try it</a>`}
      </div>
    </div>
    ${!over && html`<progress value=${training.progress} aria-label="Progress"></progress>`}
    <${Alert} problem=${training.error ? { title: 'Training failed', message: training.error } : problem} />
    ${state === 'queued' && html`<p>Waits at place ${training.queuePosition} of the queue.</p>`}
    ${version && html`<p>Stop reason: ${stopReason.replaceAll('_', ' ')}.
      Version ${version} ${training.bestEpoch == null
        ? 'averages the trained networks'
        : `has the parameters of epoch ${number(training.bestEpoch)}`}.</p>`}
    <${Warnings} texts=${training.warnings} />
    <dl class="figures">
      ${Object.entries(figures).map(([name, value]) => value != null && html`
        <div><dt>${name}</dt><dd>${typeof value === 'number' ? number(value) : value}</dd></div>`)}
    </dl>`;
}

/** Trains the model on, with the data of its last training if the page still has them, or with a file. */
function TrainOn({ model, epochs, onStart }) {
  const [source, setSource] = useState(files.get(model.id));
  const [start, running, problem] = useAction(async event => {
    event.preventDefault();
    await startTraining(model.id, { ...source, epochs: event.target.epochs.valueAsNumber });
    onStart();
  });
  return html`<form class="toolbar" onSubmit=${start}>
    <${Field} label="Epochs" pointer="epochs" problem=${problem}>
      <input type="number" name="epochs" id="epochs" min="1" required defaultValue=${epochs} />
    <//>
    ${model.target && html`<${FileField} label=${`File ${source?.file?.name ?? ''}`}
      onFile=${file => setSource({ file, target: model.target })} />`}
    <button id="train-on" class="secondary" disabled=${running || !source}>Train on</button>
    <${Alert} problem=${problem} />
  </form>`;
}

export default function Train({ model, reload }) {
  const { data, problem: refused, reload: refresh } = useLoad(signal =>
    call('GET', modelPath(model.id, 'trainings'), { background: true, signal }), [model]);
  const [newest, ...others] = data?.trainings ?? [];
  const { live, history, problem: lost } = useLive(model.id, newest, reload);
  const [compared, setCompared] = useState({});
  const [logarithmic, setLogarithmic] = useState(false);
  const training = newest && { ...newest, ...live };
  const isQueued = training?.state === 'queued';
  const problem = refused ?? lost;
  const isEmpty = data && !newest;
  useView('train', model.id, Boolean(history || problem || isEmpty));
  useEffect(() => {
    const timer = isQueued && setInterval(refresh, 2000); // for its place in the queue
    return () => clearInterval(timer);
  }, [isQueued]);
  const compare = async ({ target: { checked, value } }) => {
    const other = checked && { ...(await loadHistory(model.id, value)), suffix: ` of ${value}` };
    setCompared(before => ({ ...before, [value]: other }));
  };
  if (isEmpty) {
    return html`<p class="empty">No training yet. Start one with a file on <a href="#/">Models</a>.</p>`;
  }
  if (!training || problem) {
    return html`<${Alert} problem=${problem} />`;
  }
  return html`
    <section id="training" data-number=${training.number} data-state=${training.state}
      data-epoch=${training.epochsCompleted}>
      <${Progress} model=${model.id} training=${training} />
      ${history?.epochs.length > 0 && html`
        <${LossChart} ...${{ history, logarithmic, others: Object.values(compared).filter(Boolean) }} />
        <label>
          <input type="checkbox" role="switch" id="scale" onChange=${() => setLogarithmic(!logarithmic)} />
          Logarithmic
        </label>`}
    </section>
    ${others.length > 0 && html`<fieldset>
      <legend>Compare with</legend>
      ${others.map(each => html`<label key=${each.number}>
        <input type="checkbox" data-compare=${each.number} value=${each.number} onChange=${compare} />
        Training ${each.number}: ${each.state}, loss ${number(each.validationLoss ?? each.loss)}
      </label>`)}
    </fieldset>`}
    ${training.finishedAt && (model.target || files.has(model.id)) && html`
      <${TrainOn} model=${model} epochs=${training.epochs} onStart=${refresh} />`}`;
}
