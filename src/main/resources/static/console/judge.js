// Tab Judge of a model.
import { html } from './vendor/htm-preact.js';
import { useView } from './ui.js';

export default function Judge({ model }) {
  useView('judge', model.id);
  return html`<p>…</p>`;
}
