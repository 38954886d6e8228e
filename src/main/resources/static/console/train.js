// Tab Train of a model.
import { html } from './vendor/htm-preact.js';
import { useView } from './ui.js';

export default function Train({ model }) {
  useView('train', model.id);
  return html`<p>…</p>`;
}
