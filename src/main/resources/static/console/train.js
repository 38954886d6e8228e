// Tab Train of a model: the current or last training, earlier ones beside it, and training on.
import { html, useEffect, useMemo, useRef, useState } from './vendor/htm-preact.js';
import { Lines } from './charts.js';
import { read } from './csv.js';
import { call, follow, modelPath } from './http.js';
import {
  age, Alert, Chart, date, duration, eachFrame, Field, files, modelHash, number, Table, useAction, useLoad, useView,
} from './ui.js';

const POINTS = 2000; // of a curve at its beginning; it is thinned when it has twice as many

/** The losses of a training by epoch, in columns to which epochs are appended. */
class Curve {
  constructor({ epochs, loss, validationLoss }) {
    this.columns = [epochs, loss, validationLoss ?? epochs.map(() => null)];
    this.best = null;
    epochs.forEach((epoch, i) => this.compare(epoch, this.columns[2][i]));
  }

  compare(epoch, loss) {
    if (loss != null && !(this.best?.loss <= loss)) {
      this.best = { epoch, loss };
    }
  }

  append({ epoch, loss, validationLoss }) {
    const [epochs] = this.columns;
    while (epochs.at(-1) >= epoch) { // a restarted service begins at its last checkpoint
      this.columns.forEach(column => column.pop());
    }
    if (epochs.length >= 2 * POINTS) {
      this.columns = this.columns.map(column => column.filter((_, i) => i % 2 === 0));
    }
    [epoch, loss, validationLoss].forEach((value, i) => this.columns[i].push(value));
    this.compare(epoch, validationLoss);
  }

  /** The series of a chart; only those of other trainings have an x of their own. */
  series(suffix, colors, x) {
    const [, loss, validationLoss] = this.columns;
    return [
      { name: `Loss${suffix}`, values: loss, color: colors[0], x },
      this.best && { name: `Validation loss${suffix}`, values: validationLoss, color: colors[1], dash: [6, 4], x },
    ].filter(Boolean);
  }
}

const loadCurve = async (path, options) =>
  new Curve(await call('GET', `${path}/history`, { query: { points: POINTS }, ...options }));

const isOver = ({ state }) => state !== 'queued' && state !== 'running';

/** A training with its curve, as it goes on: {training, curve, problem}. Calls onEnd when it ends. */
function useTraining(id, shown, onEnd) {
  const [state, setState] = useState({});
  useEffect(() => {
    setState({});
    const controller = new AbortController();
    const { signal } = controller;
    const path = modelPath(id, 'trainings', shown);
    let training = null;
    let curve = null;
    let waiting = null; // epochs that arrive while the history is on its way
    let filling = 0;
    const show = eachFrame(problem => signal.aborted || setState({ training, curve, problem }));
    const fail = problem => signal.aborted || show(problem);
    const get = async background => {
      training = await call('GET', path, { background, signal });
      show();
    };
    const load = async () => {
      const epochs = (waiting = []);
      const loaded = await loadCurve(path, { background: curve != null, signal });
      if (epochs === waiting) { // else the connection was lost again
        epochs.forEach(each => loaded.append(each));
        curve = loaded;
        waiting = null;
        show();
      }
    };
    const fill = () => {
      filling = 0;
      load().catch(fail);
    };
    const on = {
      connected: fill,
      epoch: event => {
        if (!filling && event.epoch > curve?.columns[0].at(-1) + 1) {
          filling = setTimeout(fill, 2000); // more epochs than events, or more than the history had after a restart
        }
        (waiting ? waiting.push(event) : curve?.append(event));
        if (training.state === 'queued') {
          get(true).catch(fail);
        }
        training = { ...training, ...event, epochsCompleted: event.epoch, state: 'running', received: performance.now() };
        show();
      },
    };
    const run = async () => {
      await get(false);
      if (!isOver(training)) {
        const ended = await follow(id, shown, { signal, on });
        if (signal.aborted) {
          return;
        }
        training = ended;
        onEnd();
      }
      await load();
    };
    const poll = setInterval(() => training?.state === 'queued' && get(true).catch(fail), 2000);
    run().catch(fail);
    return () => {
      controller.abort();
      clearInterval(poll);
      clearTimeout(filling);
    };
  }, [id, shown]);
  return state;
}

const words = name => name.replaceAll('_', ' ');
const title = ({ kind, number: n }) => `${kind === 'cross_validation' ? 'Cross-validation' : 'Training'} ${n}`;

/** Why a training ended, and what became of the model. */
function ending({ kind, stopReason, settings, epochs, epochsCompleted, version, bestEpoch, error }) {
  const at = `after ${number(epochsCompleted)} of ${number(epochs)} epochs`;
  const patience = settings?.earlyStopping?.patience;
  const reason = {
    epochs: `All ${number(epochs)} epochs are done.`,
    early_stopping: `Stopped early ${at}: no improvement for ${number(patience)} epochs.`,
    time_limit: `Stopped ${at}, at the limit of ${duration(settings?.timeLimitSeconds ?? 0)}.`,
    cancelled: `Cancelled ${at}.`,
    diverged: `The training diverged ${at}.`,
  }[stopReason] ?? `Ended ${at}.`;
  const kept = version != null ? `Version ${version} has the parameters${bestEpoch ? ` of epoch ${number(bestEpoch)}` : ''}.`
    : kind === 'training' ? 'The model is as it was before.' : '';
  return [reason, error, kept].filter(Boolean).join(' ');
}

/** The last values of a training, with the times as they pass. */
function Figures({ training }) {
  const [now, setNow] = useState(performance.now());
  const over = isOver(training);
  useEffect(() => {
    const timer = over ? 0 : setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, [over]);
  const { examples, examplesPerSecond, epochs, epochsCompleted, startedAt, finishedAt, settings } = training;
  const perEpoch = examplesPerSecond ? examples / examplesPerSecond : 0;
  const since = training.received ? Math.max(0, now - training.received) / 1000 : 0;
  const left = Math.max(0, (epochs - epochsCompleted) * perEpoch - since);
  const metric = Object.entries(training.validationMetrics ?? {})[0];
  const figures = [
    ['Epoch', `${number(epochsCompleted)} of ${number(epochs)}`],
    ['Loss', number(training.loss)],
    training.validationLoss != null && ['Validation loss', number(training.validationLoss)],
    !over && metric && [`Validation ${words(metric[0])}`, number(metric[1])],
    ['Examples per second', number(examplesPerSecond, 3)],
    !over && perEpoch && [settings?.earlyStopping ? 'Time left at most' : 'Time left', duration(left)],
    startedAt && [over ? 'Took' : 'Elapsed', duration(over ? (new Date(finishedAt) - new Date(startedAt)) / 1000
      : epochsCompleted * perEpoch + since)],
  ].filter(Boolean);
  return html`<dl class="figures">
    ${figures.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}

/** The quality at the end: metrics of the training and validation rows, or of the folds of a cross-validation. */
function Quality({ training: { trainingMetrics, validationMetrics, crossValidation } }) {
  const parts = crossValidation
    ? { head: ['Mean', 'Deviation'], values: Object.entries(crossValidation.metrics).map(([name, each]) =>
      [name, each?.mean, each?.deviation]) }
    : { head: ['Training rows', 'Validation rows'],
      values: [...new Set([trainingMetrics, validationMetrics].flatMap(each => Object.keys(each ?? {})))]
        .map(name => [name, trainingMetrics?.[name], validationMetrics?.[name]]) };
  return parts.values.length > 0 && html`<${Table} label="Quality" head=${['Metric', ...parts.head]}
    rows=${parts.values.map(([name, ...values]) => [words(name), ...values])} />`;
}

function Current({ id, training }) {
  const path = modelPath(id, 'trainings', training.number);
  const [cancel, cancelling, problem] = useAction(keep =>
    call('POST', `${path}/cancel`, { query: { keep }, headers: { Prefer: 'respond-async' } }));
  const { state, progress, queuePosition, epochs, epochsCompleted, version } = training;
  const over = isOver(training);
  const tenth = Math.floor(10 * progress);
  const spoken = useMemo(() => `${state}, epoch ${epochsCompleted} of ${epochs}, loss ${number(training.loss)}`, [state, tenth]);
  return html`
    <div class="head">
      <h2>${title(training)} <span class="badge" data-state=${state}>${state}</span></h2>
      ${version != null && html`<a role="button" href=${modelHash(id, 'try')}>Try it</a>`}
      ${!over && html`<div class="actions">
        <button type="button" id="cancel" class="secondary" disabled=${cancelling} onClick=${() => cancel()}
          title="The model stays as it was">Cancel</button>
        ${epochsCompleted > 0 && training.kind === 'training' && html`
          <button type="button" id="cancel-keep" class="secondary" disabled=${cancelling} onClick=${() => cancel(true)}
            title="What was learned becomes a new version">Cancel and keep</button>`}
      </div>`}
    </div>
    <progress value=${progress} max="1" aria-label="Progress"></progress>
    <p class="visually-hidden" aria-live="polite">${spoken}</p>
    ${state === 'queued' && html`<p>Waits for other trainings, at position ${queuePosition ?? '–'} of the queue.</p>`}
    ${state === 'failed' ? html`<${Alert} problem=${{ title: 'The training failed', message: ending(training) }} />`
      : over && html`<p>${ending(training)}</p>`}
    ${training.warnings?.length > 0 && html`<ul class="notice wrap">
      ${training.warnings.map(each => html`<li>${each}</li>`)}
    </ul>`}
    <${Alert} problem=${problem} />
    ${state !== 'queued' && html`<${Figures} training=${training} />`}`;
}

/** The curves of a training, and of others beside it: a map of their curves by number. */
function Curves({ training, curve, others }) {
  const [logarithmic, setLogarithmic] = useState(false);
  const over = isOver(training);
  const [epochs, loss] = curve.columns;
  const best = over ? training.bestEpoch : curve.best?.epoch;
  const validates = training.kind === 'training' && (over || curve.best);
  const mark = best && validates ? { x: best, name: over ? `best: ${number(best)}` : `best so far: ${number(best)}` } : null;
  const series = [
    ...curve.series('', ['--line-1', '--line-2']),
    ...[...others].flatMap(([n, other], i) =>
      other.series(` of ${n}`, Array(2).fill(`--class-${3 + (i % 6)}`), other.columns[0])),
  ];
  const table = () => ({
    head: ['Epoch', ...series.map(each => each.name)],
    rows: transpose(uPlot.join(series.map(each => [each.x ?? epochs, each.values]))),
  });
  const label = `${series.map(each => each.name).join(', ')} by epoch. The last loss is ${number(loss.at(-1))} at epoch
    ${number(epochs.at(-1))}${mark ? `; ${mark.name}` : ''}.`;
  return html`
    <div role="group" id="scale" aria-label="Scale of the loss">
      ${['Linear', 'Logarithmic'].map(name => html`<button type="button" aria-pressed=${(name !== 'Linear') === logarithmic}
        onClick=${() => setLogarithmic(name !== 'Linear')}>${name}</button>`)}
    </div>
    <${Chart} id="loss" title="Loss by epoch" table=${table} note=${training.kind === 'training' ? null : 'one fold after the other'}
      fresh=${[curve, over, others, Math.floor(Date.now() / 2000)]}>
      <${Lines} x=${epochs} xName="Epoch" series=${series} logarithmic=${logarithmic} mark=${mark} label=${label} />
    <//>`;
}

const transpose = columns => columns[0].map((_, i) => columns.map(column => column[i]));

/** The trainings of the model, newest first; others can be shown, or drawn beside the one that is shown. */
function Trainings({ id, list, shown, compared, onCompare }) {
  return html`<section>
    <h2>Trainings</h2>
    <div class="scroll" role="region" aria-label="Trainings" tabindex="0"><table>
      <thead><tr>${['Training', 'State', 'Epochs', 'Loss', 'Validation loss', 'Begun', 'Compare'].map(name =>
        html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${list.map(each => html`<tr key=${each.number} aria-current=${each.number === shown ? 'true' : undefined}>
        <th scope="row"><a href="${modelHash(id, 'train')}?training=${each.number}">${title(each)}</a></th>
        <td><span class="badge" data-state=${each.state}>${each.state}</span></td>
        <td class="number">${number(each.epochsCompleted)}</td>
        <td class="number">${number(each.loss)}</td>
        <td class="number">${number(each.validationLoss)}</td>
        <td title=${date(each.startedAt)}>${each.startedAt ? age(each.startedAt) : '–'}</td>
        <td>${each.number !== shown && each.kind === 'training' && each.epochsCompleted > 0 && html`
          <input type="checkbox" data-compare=${each.number} aria-label="Compare with training ${each.number}"
            checked=${compared.has(each.number)} onChange=${event => onCompare(each.number, event.target.checked)} />`}</td>
      </tr>`)}</tbody>
    </table></div>
  </section>`;
}

/** What a training of a file takes over from the last one. */
function optionsOf(settings) {
  const { earlyStopping, target, validationSplit, splitColumn, groupColumn } = settings ?? {};
  const stopping = Object.entries(earlyStopping ?? {}).map(([name, value]) => [`earlyStopping.${name}`, value]);
  return { target, validationSplit: validationSplit || null, splitColumn, groupColumn, ...Object.fromEntries(stopping) };
}

/** The body of a training on matrices, from a file of JSON as /train takes it, or of CSV: inputs first, then targets. */
async function matrices(file, { inputs }) {
  if (/\.json$/i.test(file.name)) {
    return JSON.parse(await file.text());
  }
  const { rows } = await read(file);
  const values = rows.map(row => row.map(cell => (cell !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell)));
  return { inputs: values.map(row => row.slice(0, inputs)), targets: values.map(row => row.slice(inputs)) };
}

/** A form that trains the model on, on the file of the last training if the page still has it. */
function TrainOn({ model, last, onStart }) {
  const kept = files.get(model.id);
  const [file, setFile] = useState(null);
  const [names, setNames] = useState([]);
  const isTable = model.target != null || model.version === 0;
  const choose = async chosen => {
    setFile(chosen);
    setNames(isTable && !model.target ? (await read(chosen)).names : []);
  };
  const [start, running, problem] = useAction(async form => {
    const values = Object.fromEntries([...form].filter(([, value]) => typeof value === 'string' && value !== ''));
    const { file: body, data, ...others } = file ? { file, ...optionsOf(last?.settings) } : kept;
    const headers = { Prefer: 'respond-async' };
    const path = modelPath(model.id, 'train');
    let training;
    if (data || !isTable) {
      const settings = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
      const object = { ...(data ?? (await matrices(body, model))), ...settings, reset: form.has('reset') };
      training = await call('POST', path, { headers, body: object });
      files.set(model.id, { data: object });
    } else {
      const query = { ...others, ...values };
      training = await call('POST', path, { headers: { ...headers, 'Content-Type': 'text/csv' }, query, body });
      files.set(model.id, { file: body, ...query, reset: null });
    }
    onStart(training.number);
  });
  const submit = event => {
    event.preventDefault();
    start(new FormData(event.target));
  };
  const numberField = (name, label, others) => html`<${Field} label=${label} pointer=${name} problem=${problem}>
    <input type="number" id=${name} name=${name} ...${others} />
  <//>`;
  const hint = kept && !file ? `Empty: ${kept.file?.name ?? 'the data of the last training'}`
    : isTable ? 'CSV with a line of names' : `JSON as /train takes it, or CSV with ${model.inputs} columns of inputs, then the targets`;
  return html`<form onSubmit=${submit}>
    <h2>${last ? 'Train on' : 'Train'}</h2>
    <div class="cards">
      ${numberField('epochs', 'Epochs', { min: 1, required: true, value: last?.epochs ?? 100 })}
      ${numberField('learningRate', 'Learning rate', { min: 0, step: 'any', placeholder: model.learningRate })}
      <${Field} label="Data" hint=${hint}>
        <input type="file" id="train-file" required=${!kept} accept=${isTable ? '.csv,.tsv,.txt' : '.json,.csv'}
          onChange=${event => choose(event.target.files[0])} />
      <//>
      ${names.length > 0 && html`<${Field} label="Column to predict" pointer="target" problem=${problem}>
        <select name="target">${names.map(name => html`<option selected=${name === names.at(-1)}>${name}</option>`)}</select>
      <//>`}
    </div>
    ${last && html`<label><input type="checkbox" name="reset" value="true" /> Begin from fresh parameters</label>`}
    <${Alert} problem=${problem} shown=${['epochs', 'learningRate', 'target']} />
    <button id="train-on" aria-busy=${running} disabled=${running}>${last ? 'Train on' : 'Train'}</button>
  </form>`;
}

function Shown({ model, list, shown, newest, onShow, onEnd }) {
  const { training, curve, problem } = useTraining(model.id, shown, onEnd);
  const [others, setOthers] = useState(new Map());
  const compare = async (n, wanted) => {
    const curves = new Map(others);
    wanted ? curves.set(n, await loadCurve(modelPath(model.id, 'trainings', n))) : curves.delete(n);
    setOthers(curves);
  };
  const last = list.find(each => each.kind === 'training') ?? training;
  const busy = list.some(each => !isOver(each)) || (training && !isOver(training));
  return html`
    ${newest > shown && html`<p class="notice">Training ${newest} was started meanwhile.
      <button type="button" class="quiet" onClick=${() => onShow(newest)}>Show it</button></p>`}
    <${Alert} problem=${problem} />
    ${training && html`<section id="training" data-number=${training.number} data-state=${training.state}
      data-epoch=${curve?.columns[0].at(-1) ?? 0}>
      <${Current} id=${model.id} training=${training} />
      ${curve?.columns[0].length > 0 && html`<${Curves} training=${training} curve=${curve} others=${others} />`}
      ${isOver(training) && html`<${Quality} training=${training} />`}
    </section>`}
    ${list.length > 1 && html`<${Trainings} id=${model.id} list=${list} shown=${shown} compared=${others} onCompare=${compare} />`}
    ${training && !busy && html`<${TrainOn} model=${model} last=${last} onStart=${onShow} />`}`;
}

export default function Train({ model, query, reload }) {
  const [chosen, setChosen] = useState(null);
  const load = options => call('GET', modelPath(model.id, 'trainings'), options).then(({ trainings }) => trainings);
  const { data: list, problem, set } = useLoad(signal => load({ signal }), [model.id]);
  const refresh = () => load({ background: true }).then(set, () => {});
  const initial = useRef(null);
  initial.current ??= list?.[0]?.number;
  const shown = chosen ?? (Number(query.training) || initial.current);
  useView('train', model.id, Boolean(list || problem));
  useEffect(() => setChosen(null), [query.training]);
  useEffect(() => {
    const visible = () => document.hidden || refresh();
    addEventListener('focus', visible);
    document.addEventListener('visibilitychange', visible);
    return () => {
      removeEventListener('focus', visible);
      document.removeEventListener('visibilitychange', visible);
    };
  }, []);
  const show = n => {
    setChosen(n);
    refresh();
  };
  const ended = () => {
    refresh();
    reload();
  };
  if (!list) {
    return html`<${Alert} problem=${problem} />`;
  }
  return shown
    ? html`<${Shown} key=${shown} model=${model} list=${list} shown=${shown} newest=${list[0]?.number} onShow=${show} onEnd=${ended} />`
    : html`<p class="empty">This model has not been trained. Choose data and train it.</p>
      <${TrainOn} model=${model} last=${null} onStart=${show} />`;
}
