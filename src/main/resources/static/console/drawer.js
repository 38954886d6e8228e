// The HTTP drawer: the last calls as curl commands.
import { html, useEffect, useState } from './vendor/htm-preact.js';
import { calls, root } from './http.js';

const quote = text => `'${String(text).replaceAll("'", `'\\''`)}'`;

/** A call as a command for bash. */
export function curl({ method, path, headers, body, keyed }) {
  const words = ['curl -s'];
  if (method !== (body == null ? 'GET' : 'POST')) {
    words.push('-X ' + method);
  }
  words.push(quote(root.origin + root.pathname.replace(/\/$/, '') + path));
  if (keyed) {
    words.push('-H "Authorization: Bearer $BACKPROP_KEY"');
  }
  Object.entries(headers).forEach(([name, value]) => words.push('-H ' + quote(`${name}: ${value}`)));
  if (body != null) {
    words.push(body instanceof Blob ? '--data-binary ' + quote('@' + body.name) : '-d ' + quote(body));
  }
  return words.join(' \\\n  ');
}

export function Drawer() {
  const [list, setList] = useState(calls.list);
  useEffect(() => {
    const changed = () => setList(calls.list);
    calls.listeners.add(changed);
    return () => calls.listeners.delete(changed);
  }, []);
  return html`<details id="drawer">
    <summary>HTTP <small>${list.length} calls</small></summary>
    ${[...list].reverse().map(entry => html`<article key=${entry.id}>
      <small>${entry.status ?? '…'} ${entry.count > 1 ? `× ${entry.count}` : ''}</small>
      <pre data-curl>${curl(entry)}</pre>
    </article>`)}
  </details>`;
}
