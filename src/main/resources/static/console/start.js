// View Start: a file or an example to train on, the trainings that run or wait, and all models.
import { html, useEffect } from './vendor/htm-preact.js';
import { EXAMPLES, runExample } from './examples.js';
import { call, modelPath } from './http.js';
import {
  age, Alert, FileField, go, modelHash, number, percent, Table, timeLeft, useAction, useLoad, useView,
} from './ui.js';

/** The file that was chosen last, for view New. */
export const chosen = { file: null };

function choose(file) {
  chosen.file = file;
  go('#/new');
}

function Examples() {
  const [run, running, problem] = useAction(runExample);
  return html`<div class="cards">
    ${Object.entries(EXAMPLES).map(([id, { name, note }]) => html`
      <button class="card" data-example=${id} disabled=${running} onClick=${() => run(id)}>
        <strong>${name}</strong> <small>${note}</small>
      </button>`)}
    <${Alert} problem=${problem} />
  </div>`;
}

/** The trainings that run or wait, until a call is refused. */
function Trainings({ onChange }) {
  const { data, reload } = useLoad(() => Promise.all(['running', 'queued'].map(
    state => call('GET', 'trainings', { query: { state }, background: true }))));
  useEffect(() => {
    data && setTimeout(reload, 1000);
  }, [data]);
  const trainings = data?.flatMap(page => page.trainings) ?? [];
  useEffect(() => data && onChange(), [trainings.map(({ model }) => model).join()]);
  return trainings.length > 0 && html`<section>
    <h2>Trainings</h2>
    <ul id="trainings">${trainings.map(Training)}</ul>
  </section>`;
}

function Training(training) {
  const { model, number: n, kind, state, progress, epochsCompleted, epochs } = training;
  const left = timeLeft(training);
  return html`<li key=${model} data-training="${model}/${n}">
    <a class="long" href=${modelHash(model, kind === 'search' ? kind : 'train')} title=${model}>${model}</a>
    <progress value=${progress} max="1" aria-label="Progress of ${model}"></progress>
    <small>${state}, ${kind === 'search' ? `search, ${percent(progress)}`
      : `epoch ${number(epochsCompleted)} of ${number(epochs)}`}${left && `, ${left} left`}</small>
  </li>`;
}

function qualityOf({ validationMetrics, trainingMetrics }) {
  const { accuracy, r2 } = validationMetrics ?? trainingMetrics ?? {};
  const quality = accuracy != null ? `${percent(accuracy)} accuracy` : r2 ? `R² ${number(r2, 3)}` : null;
  return quality && html`${quality} <small>${validationMetrics ? 'validation' : 'training'}</small>`;
}

export default function Start() {
  const list = useLoad(signal => call('GET', 'models', { query: { limit: 1000 }, signal }));
  const { models, next } = list.data ?? {};
  useView('start', 'Models', Boolean(models ?? list.problem));
  const [remove, , problem] = useAction(async id => {
    if (confirm(`Delete ${id}?`)) {
      await call('DELETE', modelPath(id));
      list.reload();
    }
  });
  const row = ({ id, task, version, trainedAt, createdAt, ...metrics }) => [
    html`<a href=${modelHash(id)} title=${id}>${id}</a>`, task, qualityOf(metrics), String(version),
    html`${age(trainedAt ?? createdAt)}
      <button class="quiet" aria-label="Delete ${id}" onClick=${() => remove(id)}>Delete</button>`,
  ];
  return html`
    <h1 tabindex="-1">Train a network</h1>
    <div class="halves">
      <div class="drop">
        <${FileField} id="file" label="Drop a CSV file here, or choose one" onFile=${choose} />
      </div>
      <${Examples} />
    </div>
    ${models && html`<${Trainings} onChange=${list.reload} />`}
    <h2>Models</h2>
    <${Alert} problem=${list.problem ?? problem} />
    ${models?.length > 0 ? html`<${Table} id="models" label="Models" rows=${models.map(row)}
        head=${['Name', 'Task', 'Quality', 'Version', 'Age']}
        attributes=${i => ({ 'data-model': models[i].id })} />`
      : models && html`<p class="empty">None yet. Drop a file above, or run an example.</p>`}
    ${next && html`<small>These are the newest ones.</small>`}`;
}
