// The HTTP drawer: the last calls as curl commands, and a shell script of what was clicked.
import { html, useEffect, useRef, useState } from './vendor/htm-preact.js';
import { calls, isReading, Observable, root } from './http.js';
import { download, number, useChanges } from './ui.js';

const quote = text => `'${String(text).replaceAll("'", `'\\''`)}'`;
const service = root.href.replace(/\/$/, '');
const LONGEST_ARGUMENT = 30_000; // characters; Linux takes 128 kB
const EXAMPLES = '/console/examples/';

/** A call as a command for bash. */
export function curl({ method, path, headers, body, keyed }, command = 'curl -s', url = quote(service + path)) {
  const words = [path.endsWith('/events') ? `${command} -N` : command];
  if (method !== (body == null ? 'GET' : 'POST')) {
    words[0] += ` -X ${method}`;
  }
  words[0] += ` ${url}`;
  if (path.startsWith(EXAMPLES)) {
    words.push(`-o ${quote(path.slice(EXAMPLES.length))}`);
  }
  if (keyed) {
    words.push('-H "Authorization: Bearer $BACKPROP_KEY"');
  }
  Object.entries(headers).forEach(([name, value]) => words.push(`-H ${quote(`${name}: ${value}`.trim())}`));
  if (body instanceof Blob) {
    words.push(`--data-binary ${quote(`@${body.name?.startsWith('-') ? './' : ''}${body.name}`)}`);
  } else if (body?.length > LONGEST_ARGUMENT) {
    words.push(`--data-binary @- <<'END'\n${body}\nEND`);
  } else if (body != null) {
    words.push(`${body.startsWith('@') ? '--data-raw' : '-d'} ${quote(body)}`);
  }
  return words.join(' \\\n  ');
}

/** What is recorded: steps {entry, training, epochs, cancel}, where the last three are of a training that was started. */
const recorder = new Observable({
  recording: false,
  steps: [],
  toggle() {
    this.recording = !this.recording;
    this.steps = this.recording ? [] : this.steps;
    this.changed();
  },
  add(entry, result) {
    const { method, path } = entry;
    if (method === 'GET' && !path.startsWith(EXAMPLES)) {
      return;
    }
    const last = this.steps.at(-1)?.entry;
    const repeated = last?.method === method && last.path === path && isReading(entry);
    const cancels = path.match(/\/trainings\/\d+\/cancel(\?keep=true)?$/);
    const started = ({ training }) => training?.model === result.model && training.number === result.number;
    const step = cancels && this.steps.find(started);
    if (step && cancels[1] && result.epochsCompleted > 0) {
      step.epochs = result.epochsCompleted;
    } else if (step && !cancels[1]) {
      step.cancel = entry;
    } else {
      const training = method === 'POST' && !cancels && result?.number && result.model ? result : null;
      this.steps = [...(repeated ? this.steps.slice(0, -1) : this.steps), { entry, training }];
    }
    this.changed();
  },
});

calls.ended = (entry, result) => {
  if (recorder.recording && !entry.background && entry.status < 400) {
    recorder.add(entry, result);
  }
};

/** The call that trains for a number of epochs. */
function withEpochs(entry, epochs) {
  if (typeof entry.body === 'string') {
    return { ...entry, body: JSON.stringify({ ...JSON.parse(entry.body), epochs }) };
  }
  const url = new URL(service + entry.path);
  url.searchParams.set('epochs', epochs);
  return { ...entry, path: url.href.slice(service.length) };
}

function script(steps) {
  const exists = ({ path }) => path.startsWith(EXAMPLES) ? `[ -e ${quote(path.slice(EXAMPLES.length))} ] || ` : '';
  const command = entry => exists(entry)
    + curl(entry, "curl -sS --fail-with-body -w '\\n'", `"$BACKPROP_URL${entry.path}"`) + '\n';
  const lines = steps.flatMap(({ entry, training, epochs, cancel }) => [
    ...(epochs ? [`# Cancelled and kept after ${epochs} epochs: trains for as many.`] : []),
    command(epochs ? withEpochs(entry, epochs) : entry),
    ...(cancel ? [command(cancel)] : []),
    ...(training ? [command({ ...entry, method: 'GET', headers: {}, body: null,
      path: `/models/${encodeURIComponent(training.model)}/trainings/${training.number}/events` })] : []),
  ]);
  const entries = steps.map(step => step.entry);
  const examples = entries.map(({ path }) => path.startsWith(EXAMPLES) && path.slice(EXAMPLES.length));
  const files = new Set(entries.map(({ body }) => body instanceof Blob && body.name));
  const needed = [...files].filter(name => name && !examples.includes(name));
  return [
    '#!/usr/bin/env bash',
    '# Recorded by the console of backprop, for a service without models of the same names.',
    ...needed.map(name => `# Needs the file ${JSON.stringify(name)} in the current folder.`),
    'set -eu',
    `BACKPROP_URL=\${BACKPROP_URL:-${service}}`,
    ...(entries.some(entry => entry.keyed) ? [': "${BACKPROP_KEY:?is the key of the service}"'] : []),
    '',
    ...lines,
  ].join('\n');
}

/** Copies a text, or selects it where the browser permits no more; the button says which. */
function Copy({ of }) {
  const [done, setDone] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(of.current.textContent);
      setDone('Copied');
    } catch {
      getSelection().selectAllChildren(of.current);
      setDone('Selected');
    }
    setTimeout(() => setDone(''), 2000);
  };
  return html`<button type="button" class="quiet" onClick=${copy}><span aria-live="polite">${done || 'Copy'}</span></button>`;
}

function Call({ entry }) {
  const ref = useRef(null);
  const { id, method, path, body, status, count, background } = entry;
  return html`<li>
    <div class="head">
      <small><strong>${status ?? '…'}</strong>
        ${status && ` · ${number(Math.round(entry.duration))} ms`}
        ${count > 1 && ` · ${number(count)} times`}
        ${background && ' · in the background'}</small>
      <div class="actions">
        ${body instanceof Blob && html`<button type="button" class="quiet long" title=${body.name}
          onClick=${() => download(body.name, body)}>Save ${body.name}</button>`}
        <${Copy} of=${ref} />
      </div>
    </div>
    <pre ref=${ref} tabindex="0" data-curl data-index=${id} data-method=${method} data-path=${path} data-status=${status}
      data-count=${count} data-background=${background || undefined}>${curl(entry)}</pre>
  </li>`;
}

function Recorder() {
  useChanges(recorder);
  const ref = useRef(null);
  const { recording, steps } = recorder;
  return html`
    <div class="actions">
      <button type="button" id="record" class="secondary" aria-pressed=${String(recording)}
        onClick=${() => recorder.toggle()}>${recording ? 'Stop recording' : 'Record a script'}</button>
      ${(recording || steps.length > 0) && html`
        <small role="status">${number(steps.length)} steps</small>
        <${Copy} of=${ref} />
        <button type="button" id="save-script" class="quiet"
          onClick=${() => download('backprop.sh', new Blob([ref.current.textContent]))}>Save</button>`}
    </div>
    ${(recording || steps.length > 0) && html`<pre id="script" ref=${ref} tabindex="0">${script(steps)}</pre>`}`;
}

export function Drawer() {
  useChanges(calls);
  return html`<aside aria-label="HTTP">
    <details id="drawer">
      <summary>HTTP <small>${calls.list.length} calls</small></summary>
      <div class="container">
        <${Recorder} />
        <ul>${[...calls.list].reverse().map(entry => html`<${Call} key=${entry.id} entry=${entry} />`)}</ul>
      </div>
    </details>
  </aside>`;
}
