// Tab Versions of a model.
import { html } from './vendor/htm-preact.js';
import { useView } from './ui.js';

export default function Versions({ model }) {
  useView('versions', model.id);
  return html`<p>…</p>`;
}
