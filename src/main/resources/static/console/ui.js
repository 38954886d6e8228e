// Components, hooks and formats that several views use.
import { html, useEffect, useRef, useState } from './vendor/htm-preact.js';
import { observable } from './http.js';

/** The sources of trainings (startTraining) by the model, as long as the page is open. */
export const files = new Map();

export const go = hash => (location.hash = hash);

/** The hash of a view of a model. */
export const modelHash = (id, tab = 'try') => `#/models/${encodeURIComponent(id)}/${tab}`;

let visited = false;

/** Says that a view shows its content. After navigation the heading has the focus, unless a tab has it. */
export function useView(name, title, ready = true) {
  useEffect(() => {
    document.title = `${title} · backprop`;
    if (ready) {
      const { dataset } = document.querySelector('main');
      dataset.view = name;
      if (visited && !document.activeElement.closest('.tabs')) {
        scrollTo(0, 0);
        document.querySelector('h1')?.focus();
      }
      visited = true;
      return () => delete dataset.view;
    }
  }, [name, title, ready]);
}

/** What an asynchronous function of a signal gives: {data, problem, loading}, again after reload(). */
export function useLoad(load, dependencies = []) {
  const [state, setState] = useState({ loading: true });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const settle = result => controller.signal.aborted || setState({ ...result, loading: false });
    setState(before => ({ ...before, loading: true }));
    load(controller.signal).then(data => settle({ data }), problem => settle({ problem }));
    return () => controller.abort();
  }, [...dependencies, round]);
  return { ...state, reload: () => setRound(n => n + 1) };
}

/** An action that is running at most once: [run(…), running, problem]. */
export function useAction(action) {
  const [state, setState] = useState({ running: false });
  const run = async (...values) => {
    setState({ running: true });
    try {
      return await action(...values);
    } catch (problem) {
      setState({ problem });
    } finally {
      setState(before => ({ ...before, running: false }));
    }
  };
  return [run, state.running, state.problem];
}

/** What failed. */
export function Alert({ problem }) {
  const details = problem?.errors?.map(({ detail }) => detail) ?? [];
  return problem && html`<div role="alert" class="problem">
    <strong>${problem.title ?? 'Not possible'}</strong>
    ${[...new Set([problem.message, ...details])].map(text => html`<p>${text}</p>`)}
  </div>`;
}

/** A labelled control, with the problem's detail where the problem points to it. */
export function Field({ label, pointer, problem, children }) {
  const error = problem?.errors?.find(each => (each.pointer ?? each.parameter)?.split('/').includes(pointer));
  return html`<label class="field">
    <span>${label}</span>
    ${children}
    ${error && html`<small role="alert" class="error" data-pointer=${pointer}>${error.detail}</small>`}
  </label>`;
}

export const optionsOf = (values, selected, text = value => value) => values.map(value => html`
  <option value=${value} selected=${value === selected}>${text(value).slice(0, 80)}</option>`);

/** The controls of a form, each with its part of a problem. */
export function controls(problem) {
  const field = (label, name, control) =>
    html`<${Field} label=${label} pointer=${name} problem=${problem}>${control}<//>`;
  return {
    input: (label, name, others) => field(label, name, html`<input id=${name} name=${name} ...${others} />`),
    select: (label, name, options, others) =>
      field(label, name, html`<select id=${name} name=${name} ...${others}>${options}</select>`),
  };
}

/** A CSV file of the user. */
export function FileField({ id, label, onFile }) {
  const change = ({ target: { files: [file] } }) => file && onFile(file);
  return html`<${Field} label=${label}>
    <input id=${id} type="file" accept=".csv,.tsv,.txt" onChange=${change} />
  <//>`;
}

/** Saves a Blob as a file. */
export const save = (blob, download) =>
  Object.assign(document.createElement('a'), { download, href: URL.createObjectURL(blob) }).click();

/** Warnings of the service. */
export const Warnings = ({ texts = [] }) => texts.map(text => html`<p class="notice wrap">${text}</p>`);

/** A chart with its title and, behind a button, its table, a function that returns {head, rows}. */
export function Chart({ id, title, note, table, children }) {
  const [open, setOpen] = useState(false);
  return html`<figure id=${id} class="chart">
    <figcaption>
      <span><strong>${title}</strong> ${note && html`<small>${note}</small>`}</span>
      <button class="quiet" data-table aria-expanded=${open} onClick=${() => setOpen(!open)}>
        ${open ? 'Chart' : 'Table'}
      </button>
    </figcaption>
    ${open ? html`<${Table} label=${title} ...${table()} />` : children}
  </figure>`;
}

/** A table that scrolls within its own region. The first column contains the headings of the rows. */
export function Table({ id, label, head, rows, attributes = () => ({}) }) {
  const cell = value => (typeof value === 'number' ? number(value) : value ?? '–');
  return html`<div class="scroll" role="region" aria-label=${label} tabindex="0">
    <table id=${id}>
      <thead><tr>${head.map((name, i) => html`
        <th scope="col" class=${i > 0 && typeof rows.find(row => row[i] != null)?.[i]} title=${name} dir="auto">
          ${name}
        </th>`)}
      </tr></thead>
      <tbody>${rows.map(([first, ...others], i) => html`<tr ...${attributes(i)}>
        <th scope="row" title=${typeof first === 'string' ? first : null} dir="auto">${cell(first)}</th>
        ${others.map(value => html`<td class=${typeof value}>${cell(value)}</td>`)}
      </tr>`)}</tbody>
    </table>
  </div>`;
}

/** The width of an element in pixels, as it changes: [ref, width]. */
export function useWidth() {
  const ref = useRef(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

/** Renders again whenever an observable of http.js changes. */
export function useChanges(observable) {
  const [, setRound] = useState(0);
  useEffect(() => {
    const changed = () => setRound(n => n + 1);
    observable.listeners.add(changed);
    return () => observable.listeners.delete(changed);
  }, [observable]);
}

/** Whatever is drawn on a canvas is drawn again when the theme changes. */
export const theme = observable();
matchMedia('(prefers-color-scheme: dark)').onchange = () => theme.changed();

export function useTheme() {
  useChanges(theme);
  return getComputedStyle(document.documentElement).colorScheme;
}

const formats = {};

/** A number in the browser's language, with all digits before the decimal point. */
export function number(value, digits = 4) {
  if (value == null) {
    return '–';
  }
  formats[digits] ??= new Intl.NumberFormat(undefined,
    { maximumSignificantDigits: digits, maximumFractionDigits: 0, roundingPriority: 'morePrecision' });
  const tiny = value !== 0 && Math.abs(value) < 1e-4;
  return tiny ? value.toExponential(digits - 1) : formats[digits].format(value);
}

/** An identifier such as log_loss as words. */
export const words = name => name.replaceAll('_', ' ');

/** A setting as a number or text; layers as 256 · 256. */
export const textOf = value => (Array.isArray(value) ? value.map(({ units }) => units).join(' · ') || 'no layer'
  : Object(value) === value ? Object.values(value).join(' ') : value);

export const percent = value =>
  value.toLocaleString(undefined, { style: 'percent', maximumFractionDigits: 1 });

export const date = value =>
  value && new Date(value).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

/** A length of time, such as "2 minutes". */
function duration(seconds) {
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? UNITS.at(-1);
  return Math.round(seconds / size).toLocaleString(undefined, { style: 'unit', unit, unitDisplay: 'long' });
}

/** The time left of a training. */
export const timeLeft = ({ epochs, epochsCompleted, examples, examplesPerSecond: rate }) =>
  rate && duration(((epochs - epochsCompleted) * examples) / rate);

export const age = value => `${duration((Date.now() - new Date(value)) / 1000)} ago`;
