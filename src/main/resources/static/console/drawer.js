// The HTTP drawer: the last calls as curl commands, and a shell script of what was clicked.
import { html, useRef, useState } from './vendor/htm-preact.js';
import { calls, observable, root } from './http.js';
import { number, useChanges } from './ui.js';

const service = root.href.replace(/\/$/, '');
const EXAMPLES = '/console/examples/';
const LONGEST_ARGUMENT = 30_000; // characters, of which Linux takes 128 kB

const quote = text => `'${text.replaceAll("'", `'\\''`)}'`;

/** A call as a command for bash. */
function curl({ method, path, headers = {}, body, keyed }) {
  const verb = method === (body == null ? 'GET' : 'POST') ? '' : ` -X ${method}`;
  const data = body instanceof Blob ? `--data-binary ${quote(`@${body.name}`)}`
    : body?.length > LONGEST_ARGUMENT ? `--data-binary @- <<'END'\n${body}\nEND`
      : body != null && `-d ${quote(body)}`;
  return [
    `curl -s${path.endsWith('/events') ? ' -N' : ''}${verb} ${quote(service + path)}`,
    path.startsWith(EXAMPLES) && `-o ${path.slice(EXAMPLES.length)}`,
    keyed && '-H "Authorization: Bearer $BACKPROP_KEY"',
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    data,
  ].filter(Boolean).join(' \\\n  ');
}

/** The steps of a script: calls, and the path of the events of the training or search that a call started. */
const recorder = observable({ recording: false, steps: [] });

calls.ended = (entry, result) => {
  const { id, method, path, background, status } = entry;
  if (!recorder.recording || background || !(status < 400)) {
    return;
  }
  const { steps } = recorder;
  const events = result?.number
    && `/models/${result.model}/${result.strategy ? 'searches' : 'trainings'}/${result.number}/events`;
  const started = events && steps.find(step => step.events === events);
  if (started && result.state === 'cancelled') {
    started.entry = withEpochs(started.entry, result.epochsCompleted);
    recorder.steps = steps.filter(step => step !== started || result.version);
  } else if (!started && (method === 'GET' ? path.startsWith(EXAMPLES) : !path.includes('/cancel'))) {
    const last = steps.at(-1);
    if (method === 'DELETE' && last?.events?.startsWith(`${path}/`)) {
      last.events = null; // a training of a model that is deleted need not be awaited
    }
    recorder.steps = [...steps.filter(step => step.entry.id !== id), { entry, events }];
  }
  recorder.changed();
};

/** A call that trains for as many epochs as a training completed that was cancelled. */
const withEpochs = ({ path, body, ...entry }, epochs) => ({
  ...entry,
  path: path.replace(/\bepochs=\d+/, `epochs=${epochs}`),
  body: typeof body === 'string' ? body.replace(/"epochs":\d+/, `"epochs":${epochs}`) : body,
});

function script(steps) {
  const commands = steps.flatMap(({ entry, events }) =>
    [entry, events && { method: 'GET', path: events, keyed: entry.keyed }].filter(Boolean));
  return [
    '#!/usr/bin/env bash',
    '# Recorded by the console of backprop, for a service without these models. Files are in this folder.',
    'set -eu',
    `BACKPROP_URL=\${BACKPROP_URL:-${service}}`,
    `curl() { command curl -S --fail-with-body -w '\\n' "$@"; }`,
    ...commands.map(each => `\n${curl(each).replace(`'${service}`, `"$BACKPROP_URL"'`)}`),
    '',
  ].join('\n');
}

/** Text to copy, in a way that also works without HTTPS. */
function Code({ head, text, ...attributes }) {
  const ref = useRef(null);
  const [copied, setCopied] = useState(false);
  const copy = () => {
    getSelection().selectAllChildren(ref.current);
    setCopied(document.execCommand('copy'));
  };
  return html`
    <div class="head">
      ${head}
      <button class="quiet" aria-live="polite" onClick=${copy} onBlur=${() => setCopied(false)}>
        ${copied ? 'Copied' : 'Copy'}
      </button>
    </div>
    <pre ref=${ref} tabindex="0" ...${attributes}>${text}</pre>`;
}

function Call({ entry }) {
  const { id, method, path, status, count, duration, background } = entry;
  const head = html`<small>
    <strong>${status ?? '…'}</strong>${duration && ` · ${number(Math.round(duration))} ms`}
    ${count > 1 && ` · ${number(count)} times`}
  </small>`;
  return html`<li>
    <${Code} head=${head} text=${curl(entry)} data-curl data-index=${id} data-method=${method}
      data-path=${path} data-status=${status} data-count=${count} data-background=${background || null} />
  </li>`;
}

function Recorder() {
  useChanges(recorder);
  const { recording, steps } = recorder;
  const toggle = () => {
    Object.assign(recorder, { recording: !recording, steps: recording ? steps : [] });
    recorder.changed();
  };
  const text = script(steps);
  const href = `data:,${encodeURIComponent(text)}`;
  return html`
    <button id="record" class="secondary" aria-pressed=${recording} onClick=${toggle}>
      Record a script
    </button>
    ${recording || steps.length > 0 ? html`<${Code} id="script" text=${text}
      head=${html`<a id="save-script" download="backprop.sh" href=${href}>Save</a>`} />` : null}`;
}

export function Drawer() {
  useChanges(calls);
  return html`<details id="drawer">
    <summary class="container">HTTP calls <small>${calls.list.length}</small></summary>
    <div class="container">
      <${Recorder} />
      <ul>${calls.list.toReversed().map(entry => html`<${Call} key=${entry.id} entry=${entry} />`)}</ul>
    </div>
  </details>`;
}
