// View Start: a file or an example to train on, the trainings that run, and all models.
import { html, useEffect, useRef, useState } from './vendor/htm-preact.js';
import { EXAMPLES, runExample } from './examples.js';
import { call, modelPath } from './http.js';
import { age, Alert, date, duration, go, modelHash, number, percent, useAction, useLoad, useView } from './ui.js';

/** The file that was chosen last, for view New. */
export const chosen = { file: null };

/** A file input whose label takes files that are dropped anywhere on the page. */
export function DropZone({ onFile, small, children }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = event => {
      event.preventDefault(); // else the browser leaves the page
      setOver(event.type === 'dragover');
      if (event.type === 'drop' && event.dataTransfer.files.length > 0) {
        onFile(event.dataTransfer.files[0]);
      }
    };
    const events = ['dragover', 'dragleave', 'drop'];
    events.forEach(name => addEventListener(name, drag));
    return () => events.forEach(name => removeEventListener(name, drag));
  }, [onFile]);
  return html`<label class=${['drop', small && 'small', over && 'over'].filter(Boolean).join(' ')}>
    ${children}
    <input id="file" type="file" accept=".csv,.tsv,.txt,text/csv,text/plain"
      onChange=${event => event.target.files[0] && onFile(event.target.files[0])} />
  </label>`;
}

function choose(file) {
  chosen.file = file;
  go('#/new');
}

function Examples() {
  const [run, running, problem] = useAction(runExample);
  return html`
    <div class="cards">
      ${Object.entries(EXAMPLES).map(([id, { name, note }]) => html`
        <button class="card" data-example=${id} disabled=${running} onClick=${() => run(id)}>
          <strong>${name}</strong> <small>${note}</small>
        </button>`)}
    </div>
    <${Alert} problem=${problem} />`;
}

/** The running trainings, as long as the page is visible; calls onChange when others run than before. */
function useRunning(onChange) {
  const [running, setRunning] = useState([]);
  useEffect(() => {
    const controller = new AbortController();
    const options = { query: { state: 'running' }, background: true, signal: controller.signal };
    let last = '';
    let timer;
    const poll = async () => {
      const { trainings } = await call('GET', 'trainings', options);
      const keys = trainings.map(keyOf).join();
      if (keys !== last) {
        onChange();
      }
      last = keys;
      setRunning(trainings);
    };
    const repeat = async () => {
      try {
        await (document.hidden || poll());
      } catch (problem) {
        if (problem.status === 401 || problem.status === 403) {
          return; // rather than ask for a key every second
        }
      }
      if (!controller.signal.aborted) {
        timer = setTimeout(repeat, 1000);
      }
    };
    repeat();
    return () => controller.abort(clearTimeout(timer));
  }, []);
  return running;
}

const keyOf = training => `${training.model}/${training.number}`;

function Running({ training }) {
  const { model, progress, epochsCompleted, epochs, loss, startedAt } = training;
  const left = progress > 0 && startedAt ? ((Date.now() - new Date(startedAt)) / 1000) * (1 / progress - 1) : null;
  return html`<li data-training=${keyOf(training)}>
    <a class="long" href=${modelHash(model, 'train')} title=${model}>${model}</a>
    <progress value=${progress} max="1" aria-label="Progress of ${model}"></progress>
    <small>epoch ${number(epochsCompleted)} of ${number(epochs)} · loss ${number(loss)}
      ${left != null && ` · ${duration(left)} left`}</small>
  </li>`;
}

/** The metric that says most, of the validation rows if there are any. */
function Quality({ model: { validationMetrics, trainingMetrics } }) {
  const metrics = validationMetrics ?? trainingMetrics;
  const [name, value] = metrics?.accuracy != null
    ? ['accuracy', percent(metrics.accuracy)]
    : ['R²', metrics?.r2 != null && number(metrics.r2, 3)];
  return value && html`${value} <small>${name}, ${validationMetrics ? 'validation' : 'training'}</small>`;
}

const STATES = { created: 'not trained', training: 'in training', trained: 'trained' };

function Row({ model, onDelete }) {
  const { id, task, version, state } = model;
  const time = model.trainedAt ?? model.createdAt;
  return html`<tr data-model=${id}>
    <th scope="row"><a class="long" href=${modelHash(id)} title=${id}>${id}</a></th>
    <td>${task}</td>
    <td><${Quality} model=${model} /></td>
    <td>${number(version)}</td>
    <td><time datetime=${time} title=${date(time)}>${age(time)}</time></td>
    <td><span class="badge" data-state=${state}>${STATES[state] ?? state}</span></td>
    <td><button class="quiet" aria-label="Delete ${id}" onClick=${() => onDelete(id)}>Delete</button></td>
  </tr>`;
}

function DeleteDialog({ id, onClose, onDelete }) {
  const dialog = useRef(null);
  const [run, running, problem] = useAction(async () => {
    await call('DELETE', modelPath(id));
    dialog.current.close();
    onDelete();
  });
  useEffect(() => dialog.current.showModal(), []);
  return html`<dialog ref=${dialog} aria-labelledby="delete-title" onClose=${onClose}>
    <article>
      <h2 id="delete-title" class="long" title=${id}>Delete ${id}?</h2>
      <p>Its versions and trainings are deleted too.</p>
      <${Alert} problem=${problem} />
      <div class="actions">
        <button class="secondary" onClick=${() => dialog.current.close()}>Cancel</button>
        <button class="secondary destructive" id="delete" disabled=${running} onClick=${run}>Delete</button>
      </div>
    </article>
  </dialog>`;
}

export default function Start() {
  const { data, problem, reload, set } = useLoad(signal => call('GET', 'models', { signal }));
  const running = useRunning(reload);
  const [deleted, setDeleted] = useState(null);
  const [more, loading, refused] = useAction(async () => {
    const { models, next } = await call('GET', 'models', { query: { cursor: data.next } });
    set({ models: [...data.models, ...models], next });
  });
  useView('start', 'Models', Boolean(data ?? problem));
  const removed = () => {
    reload();
    document.querySelector('h1').focus();
  };
  const models = data?.models ?? [];
  return html`
    <hgroup>
      <h1 tabindex="-1">Train a network</h1>
      <p>On a table of your own, or on one of the examples.</p>
    </hgroup>
    <div class="halves">
      <${DropZone} onFile=${choose}><strong>Drop a CSV file here</strong> <span>or choose one</span><//>
      <${Examples} />
    </div>
    ${running.length > 0 && html`<section>
      <h2>Running</h2>
      <ul id="trainings">${running.map(each => html`<${Running} key=${keyOf(each)} training=${each} />`)}</ul>
    </section>`}
    <section>
      <h2>Models</h2>
      <${Alert} problem=${problem ?? refused} />
      ${models.length > 0 && html`<table id="models">
        <thead><tr>
          ${['Name', 'Task', 'Quality', 'Version', 'Trained', 'State'].map(name => html`<th scope="col">${name}</th>`)}
          <td></td>
        </tr></thead>
        <tbody>${models.map(each => html`<${Row} key=${each.id} model=${each} onDelete=${setDeleted} />`)}</tbody>
      </table>`}
      ${data && models.length === 0 && html`<p class="empty">There are no models yet. Drop a file above, or run an
        example: it creates a model, trains it and shows how it learns.</p>`}
      ${data?.next && html`<button class="quiet" disabled=${loading} onClick=${more}>More</button>`}
    </section>
    ${deleted && html`<${DeleteDialog} id=${deleted} onClose=${() => setDeleted(null)} onDelete=${removed} />`}`;
}
