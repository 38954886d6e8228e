// View New.
import { html } from './vendor/htm-preact.js';
import { useView } from './ui.js';

export default function New() {
  useView('new', 'New');
  return html`<h1 tabindex="-1">New</h1>`;
}
