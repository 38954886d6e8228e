// Tab Network of a model.
import { html } from './vendor/htm-preact.js';
import { useView } from './ui.js';

export default function Network({ model }) {
  useView('network', model.id);
  return html`<p>…</p>`;
}
