// Tab Train of a model: its last training, others for comparison, and training on.
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { LossChart } from './charts.js';
import { start } from './examples.js';
import { call, follow, modelPath } from './http.js';
import {
  Alert, controls, FileField, files, modelHash, number, timeLeft, useAction, useLoad, useView, Warnings, words,
} from './ui.js';

const loadHistory = (model, n, signal) =>
  call('GET', modelPath(model, 'trainings', n, 'history'), { background: true, query: { points: 2000 }, signal });

/** A training by its events, with its history: {live, history, problem}. Calls onEnd at its end. */
function useLive(model, training, onEnd) {
  const [state, setState] = useState({});
  const n = training?.number;
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const show = changes => signal.aborted || setState(before => ({ ...before, ...changes }));
    const fail = problem => show({ problem });
    let history;
    let loading = 0;
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
      if (event.epoch !== last + 1) { // epochs had no event, or a restart repeats them
        loading ||= setTimeout(() => load().catch(fail), 2000);
      }
      show({ live: { ...event, state: 'running', epochsCompleted: event.epoch } });
    };
    const run = async () => {
      await load();
      if (!training.finishedAt) {
        const live = await follow(modelPath(model, 'trainings', n), { signal, on: { epoch } });
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

/** The state of a training or search, how to cancel it, what came of it, and figures. */
export function Status({ title, path, work, result, figures, children }) {
  const { state, finishedAt, stopReason, version, queuePosition, error } = work;
  const [cancel, cancelling, problem] = useAction(keep => call('POST', `${path}/cancel`, { query: { keep } }));
  const button = (id, text, keep) => html`
    <button id=${id} class="secondary" disabled=${cancelling} onClick=${() => cancel(keep)}>${text}</button>`;
  return html`
    <div class="head">
      <h2>${title} <span class="badge" data-state=${state} aria-live="polite">${state}</span></h2>
      <div class="actions">
        ${!finishedAt && [button('cancel', 'Cancel', false), button('cancel-keep', 'Cancel and keep', true)]}
        ${children}
        ${version && html`<a role="button" href=${modelHash(work.model)}>Try it</a>`}
      </div>
    </div>
    ${!finishedAt && html`<progress value=${work.progress} aria-label="Progress"></progress>`}
    <${Alert} problem=${error ? { title: `${title} failed`, message: error } : problem} />
    ${state === 'queued' && html`<p>Waits ${work.settings?.table ? 'for a Spark driver'
      : `at place ${queuePosition} of the queue`}.</p>`}
    ${version && html`<p>Stop reason: ${words(stopReason)}. Version ${version} ${result}.</p>`}
    <${Warnings} texts=${work.warnings} />
    <dl class="figures">
      ${Object.entries(figures).map(([name, value]) => value != null && html`
        <div><dt>${name}</dt><dd>${typeof value === 'number' ? number(value) : value}</dd></div>`)}
    </dl>`;
}

export const NoneYet = () => html`<p class="empty">None yet. Start with a file on <a href="#/">Models</a>.</p>`;

const figuresOf = training => ({
  Table: training.settings?.table,
  Epoch: `${number(training.epochsCompleted)} of ${number(training.epochs)}`,
  Loss: training.loss,
  'Validation loss': training.validationLoss,
  'Examples per second': training.examplesPerSecond,
  'Time left': training.finishedAt ? null : timeLeft(training),
});

/** Starts a training or search with the data of the last one, if the page has them, or with a file. */
export function StartForm({ model, operation, text, fields, onStart }) {
  const [source, setSource] = useState(files.get(model.id));
  const [submit, running, problem] = useAction(async form => {
    const typed = [...new FormData(form)].filter(([, value]) => value);
    await start(model.id, source, operation,
      Object.fromEntries(typed.map(([name, value]) => [name, isNaN(value) ? value : Number(value)])));
    onStart();
  });
  return html`<form class="toolbar" onSubmit=${event => submit(event.target, event.preventDefault())}>
    ${fields(controls(problem))}
    ${model.target && html`<${FileField} label=${`File ${source?.file?.name ?? ''}`}
      onFile=${file => setSource({ file, target: model.target })} />`}
    <button id="start" class="secondary" disabled=${running || !source}>${text}</button>
    <${Alert} problem=${problem} />
  </form>`;
}

export default function Train({ model, reload }) {
  const { data, problem: refused, reload: refresh } = useLoad(signal =>
    call('GET', modelPath(model.id, 'trainings'), { background: true, signal }), [model]);
  const [newest, ...others] = data?.trainings.filter(({ kind }) => kind !== 'search') ?? [];
  const { live, history, problem: lost } = useLive(model.id, newest, reload);
  const [compared, setCompared] = useState({});
  const [logarithmic, setLogarithmic] = useState(false);
  const training = newest && { ...newest, ...live };
  const isQueued = training?.state === 'queued';
  const problem = refused ?? lost;
  useView('train', model.id, Boolean(history || problem || (data && !newest)));
  useEffect(() => {
    const timer = isQueued && setInterval(refresh, 2000);
    return () => clearInterval(timer);
  }, [isQueued]);
  const compare = async ({ target: { checked, value } }) => {
    const other = checked && { ...(await loadHistory(model.id, value)), suffix: ` of ${value}` };
    setCompared(before => ({ ...before, [value]: other }));
  };
  if (problem || !data) {
    return html`<${Alert} problem=${problem} />`;
  }
  return html`
    ${!training && !model.version && html`<${NoneYet} />`}
    ${training && html`<section id="training" data-number=${training.number} data-state=${training.state}
      data-epoch=${training.epochsCompleted}>
      <${Status} title="Training ${training.number}" path=${modelPath(model.id, 'trainings', training.number)}
        work=${training} figures=${figuresOf(training)} result=${training.bestEpoch == null
          ? 'averages the trained networks' : `has the parameters of epoch ${number(training.bestEpoch)}`} />
      ${history?.epochs.length > 0 && html`
        <${LossChart} ...${{ history, logarithmic, others: Object.values(compared).filter(Boolean) }}
          networks=${training.epochs / (training.settings?.epochs ?? training.epochs)} />
        <label>
          <input type="checkbox" role="switch" id="scale" onChange=${() => setLogarithmic(!logarithmic)} />
          Logarithmic
        </label>`}
    </section>`}
    ${others.length > 0 && html`<fieldset>
      <legend>Compare with</legend>
      ${others.map(each => html`<label key=${each.number}>
        <input type="checkbox" data-compare=${each.number} value=${each.number} onChange=${compare} />
        Training ${each.number}: ${each.state}, loss ${number(each.validationLoss ?? each.loss)}
      </label>`)}
    </fieldset>`}
    ${(training ? training.finishedAt : model.version > 0) && (model.target || files.has(model.id)) && html`
      <${StartForm} model=${model} operation="train" text="Train on" onStart=${refresh}
        fields=${({ input }) => input('Epochs', 'epochs',
          { type: 'number', min: 1, required: true, defaultValue: training?.settings?.epochs ?? 100 })} />`}`;
}
