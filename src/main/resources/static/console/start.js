// View Models.
import { html } from './vendor/htm-preact.js';
import { useView } from './ui.js';

export default function Models() {
  useView('start', 'Models');
  return html`<h1 tabindex="-1">Models</h1>`;
}
