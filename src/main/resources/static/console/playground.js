// View Playground.
import { html } from './vendor/htm-preact.js';
import { useView } from './ui.js';

export default function Playground() {
  useView('playground', 'Playground');
  return html`<h1 tabindex="-1">Playground</h1>`;
}
