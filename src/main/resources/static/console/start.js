// View Start: a file or an example to train on, the trainings that run, and all models.
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { EXAMPLES, runExample } from './examples.js';
import { call, modelPath } from './http.js';
import { age, Alert, date, duration, go, modelHash, number, percent, useAction, useView } from './ui.js';

/** The file that was chosen last, for view New. */
export const chosen = { file: null };

/** A file input that covers its label, so that files can be dropped on it. */
export const DropZone = ({ onFile, file }) => html`<label class=${file ? 'drop small' : 'drop'}>
  <strong>${file?.name ?? 'Drop a CSV file here'}</strong> <span>or choose ${file ? 'another' : 'one'}</span>
  <input id="file" type="file" onChange=${event => event.target.files[0] && onFile(event.target.files[0])} />
</label>`;

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

const keyOf = training => `${training.model}/${training.number}`;

/** The running trainings, once the view is ready and while the page is visible, until a call is refused. */
function useRunning(ready) {
  const [running, setRunning] = useState([]);
  useEffect(() => {
    let shown = ready;
    const poll = async () => {
      if (!document.hidden) {
        const query = { state: 'running' };
        setRunning((await call('GET', 'trainings', { query, background: true })).trainings);
      }
      setTimeout(() => shown && poll().catch(() => {}), 1000);
    };
    if (ready) {
      poll().catch(() => {});
    }
    return () => (shown = false);
  }, [ready]);
  return running;
}

function Running({ training }) {
  const { model, progress, epochsCompleted, epochs, loss, startedAt } = training;
  const left = ((Date.now() - new Date(startedAt)) / 1000) * (1 / progress - 1);
  return html`<li data-training=${keyOf(training)}>
    <a class="long" href=${modelHash(model, 'train')} title=${model}>${model}</a>
    <progress value=${progress} max="1" aria-label="Progress of ${model}"></progress>
    <small>epoch ${number(epochsCompleted)} of ${number(epochs)} · loss ${number(loss)}
      ${progress > 0 && ` · ${duration(left)} left`}</small>
  </li>`;
}

const STATES = { created: 'not trained', training: 'in training', trained: 'trained' };

function Row({ model, onDelete }) {
  const { id, task, validationMetrics, trainingMetrics, version, state } = model;
  const { accuracy, r2 } = validationMetrics ?? trainingMetrics ?? {};
  const part = validationMetrics ? 'validation' : 'training';
  const time = model.trainedAt ?? model.createdAt;
  return html`<tr data-model=${id}>
    <th scope="row"><a class="long" href=${modelHash(id)} title=${id}>${id}</a></th>
    <td>${task}</td>
    <td>${accuracy != null ? html`${percent(accuracy)} <small>accuracy, ${part}</small>`
      : r2 != null && html`${number(r2, 3)} <small>R², ${part}</small>`}</td>
    <td>${number(version)}</td>
    <td><time datetime=${time} title=${date(time)}>${age(time)}</time></td>
    <td><span class="badge" data-state=${state}>${STATES[state]}</span></td>
    <td><button class="quiet" aria-label="Delete ${id}" onClick=${onDelete}>Delete</button></td>
  </tr>`;
}

export default function Start() {
  const [data, setData] = useState(null);
  const running = useRunning(data != null);
  const [load, loading, problem] = useAction(async cursor => {
    const { models, next } = await call('GET', 'models', { query: { cursor } });
    setData({ models: cursor ? [...data.models, ...models] : models, next });
  });
  const [remove, , refused] = useAction(async id => {
    if (confirm(`Delete ${id} with its versions and trainings?`)) {
      await call('DELETE', modelPath(id));
      await load();
      document.querySelector('h1').focus();
    }
  });
  useEffect(() => load(), [running.map(keyOf).join()]);
  useView('start', 'Models', Boolean(data ?? problem));
  const heads = ['Name', 'Task', 'Quality', 'Version', 'Trained', 'State'];
  return html`
    <hgroup>
      <h1 tabindex="-1">Train a network</h1>
      <p>On a table of your own, or on one of the examples.</p>
    </hgroup>
    <div class="halves"><${DropZone} onFile=${choose} /><${Examples} /></div>
    ${running.length > 0 && html`<section>
      <h2>Running</h2>
      <ul id="trainings">${running.map(each => html`<${Running} key=${keyOf(each)} training=${each} />`)}</ul>
    </section>`}
    <section>
      <h2>Models</h2>
      <${Alert} problem=${problem ?? refused} />
      ${data && (data.models.length === 0
        ? html`<p class="empty">There are no models yet. Drop a file above, or run an example.</p>`
        : html`<table id="models">
          <thead><tr>${heads.map(name => html`<th scope="col">${name}</th>`)}<td></td></tr></thead>
          <tbody>${data.models.map(each => html`
            <${Row} key=${each.id} model=${each} onDelete=${() => remove(each.id)} />`)}</tbody>
        </table>`)}
      ${data?.next && html`
        <button class="quiet" disabled=${loading} onClick=${() => load(data.next)}>More</button>`}
    </section>`;
}
