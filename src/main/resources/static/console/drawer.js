// The HTTP drawer: the last calls as curl commands, and a shell script of what was clicked.
import { html, useRef, useState } from './vendor/htm-preact.js';
import { calls, observable, root } from './http.js';
import { number, useChanges } from './ui.js';

const service = root.href.replace(/\/$/, '');
const EXAMPLES = '/console/examples/';
const LONGEST_ARGUMENT = 30_000; // characters, of which Linux takes 128 kB

const quote = text => `'${text.replaceAll("'", `'\\''`)}'`;

/** A call as a command for bash. */
export function curl({ method, path, headers, body, keyed }, command = 'curl -s', url = quote(service + path)) {
  const verb = method === (body == null ? 'GET' : 'POST') ? '' : ` -X ${method}`;
  const data = body instanceof Blob ? `--data-binary ${quote(`@${body.name}`)}`
    : body?.length > LONGEST_ARGUMENT ? `--data-binary @- <<'END'\n${body}\nEND`
      : body != null && `-d ${quote(body)}`;
  return [
    `${command}${path.endsWith('/events') ? ' -N' : ''}${verb} ${url}`,
    path.startsWith(EXAMPLES) && `-o ${path.slice(EXAMPLES.length)}`,
    keyed && '-H "Authorization: Bearer $BACKPROP_KEY"',
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    data,
  ].filter(Boolean).join(' \\\n  ');
}

/** The steps of a script: calls; if one starts a training, with the training and the call that cancelled it. */
const recorder = observable({ recording: false, steps: [] });

calls.ended = (entry, result) => {
  const { id, method, path, background, status } = entry;
  const training = result?.number ? result : null;
  const { recording, steps } = recorder;
  const ends = training && /\/(cancel|events)\b/.test(path);
  if (!recording || background || !(status < 400) || (method === 'GET' && !ends && !path.startsWith(EXAMPLES))) {
    return;
  }
  const started = each => each.training?.model === training.model && each.training.number === training.number;
  const step = ends && steps.findLast(started);
  if (method === 'DELETE') { // of a model, whose trainings that are still running need not be awaited
    const running = each => path === `/models/${each.training?.model}` && !each.ended;
    steps.filter(running).forEach(each => (each.training = null));
  }
  if (!step) {
    recorder.steps = [...steps.filter(each => each.entry.id !== id), { entry, training }];
  } else if (training.state === 'cancelled' && training.version) {
    Object.assign(step, { entry: withEpochs(step.entry, training.epochsCompleted), cancel: null, ended: true });
  } else if (method === 'POST') {
    step.cancel = entry;
  } else {
    step.ended = true;
  }
  recorder.changed();
};

/** A call that trains for as many epochs as a training completed that was cancelled and kept. */
const withEpochs = ({ path, body, ...entry }, epochs) => ({
  ...entry,
  path: path.replace(/\bepochs=\d+/, `epochs=${epochs}`),
  body: typeof body === 'string' ? body.replace(/"epochs":\d+/, `"epochs":${epochs}`) : body,
});

function script(steps) {
  const examples = steps.map(({ entry }) => entry.path.slice(EXAMPLES.length));
  const files = steps.map(({ entry }) => entry.body?.name).filter(name => name && !examples.includes(name));
  const commands = steps.flatMap(({ entry, training, cancel }) => [entry, cancel, training && {
    method: 'GET', headers: {}, keyed: entry.keyed,
    path: `/models/${training.model}/trainings/${training.number}/events`, // which end with the training
  }]).filter(Boolean);
  return [
    '#!/usr/bin/env bash',
    '# Recorded by the console of backprop. Models of the same names must not exist.',
    ...new Set(files.map(name => `# Requires the file ${JSON.stringify(name)} in the current folder.`)),
    'set -eu',
    `BACKPROP_URL=\${BACKPROP_URL:-${service}}`,
    ...commands.map(each => `\n${curl(each, "curl -sS --fail-with-body -w '\\n'", `"$BACKPROP_URL${each.path}"`)}`),
    '',
  ].join('\n');
}

/** Copies the text of an element, or selects it where the browser does not permit that, as without HTTPS. */
export function Copy({ of }) {
  const [done, setDone] = useState('Copy');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(of.current.textContent);
      setDone('Copied');
    } catch {
      getSelection().selectAllChildren(of.current);
      setDone('Selected');
    }
  };
  return html`<button type="button" class="quiet" aria-live="polite" onClick=${copy}
    onBlur=${() => setDone('Copy')}>${done}</button>`;
}

function Call({ entry }) {
  const ref = useRef(null);
  const { id, method, path, status, count, duration, background } = entry;
  return html`<li>
    <div class="head">
      <small><strong>${status ?? '…'}</strong>${duration && ` · ${number(Math.round(duration))} ms`}
        ${count > 1 && ` · ${number(count)} times`}${background && ' · in the background'}</small>
      <${Copy} of=${ref} />
    </div>
    <pre ref=${ref} tabindex="0" data-curl data-index=${id} data-method=${method} data-path=${path}
      data-status=${status} data-count=${count} data-background=${background || null}>${curl(entry)}</pre>
  </li>`;
}

function Recorder() {
  useChanges(recorder);
  const ref = useRef(null);
  const { recording, steps } = recorder;
  const toggle = () => {
    Object.assign(recorder, { recording: !recording, steps: recording ? steps : [] });
    recorder.changed();
  };
  const text = script(steps);
  return html`<div class="actions">
    <button type="button" id="record" class="secondary" aria-pressed=${recording} onClick=${toggle}>
      Record a script
    </button>
    ${recording || steps.length > 0 ? html`
      <${Copy} of=${ref} />
      <a id="save-script" download="backprop.sh" href=${`data:,${encodeURIComponent(text)}`}>Save</a>
      <pre ref=${ref} id="script" tabindex="0">${text}</pre>` : null}
  </div>`;
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
