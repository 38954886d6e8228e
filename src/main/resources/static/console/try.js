// Tab Try of a model.
import { html } from './vendor/htm-preact.js';
import { useView } from './ui.js';

export default function Try({ model }) {
  useView('try', model.id);
  return html`<p>…</p>`;
}
