// Charts. Each is drawn from plain data; its table is the business of Chart in ui.js.
import { html, useLayoutEffect, useRef } from './vendor/htm-preact.js';
import { Chart, number, percent, useTheme, useWidth } from './ui.js';

const probe = document.head.appendChild(document.createElement('i'));

/** A color of the style sheet as it is in the current theme, for canvases. */
export function color(name) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

const lowest = values => values.indexOf(Math.min(...values.filter(each => each != null)));

/** Losses by epoch of a training and of others: histories {epochs, loss, validationLoss, suffix}. */
export function LossChart({ history, others = [], logarithmic = false, height = 280 }) {
  const lines = [history, ...others].flatMap(({ epochs, loss, validationLoss, suffix = '' }) => [
    { name: `Loss${suffix}`, x: epochs, y: loss },
    { name: `Validation loss${suffix}`, x: epochs, y: validationLoss, dash: [5, 3] },
  ]).filter(({ y }) => y);
  const data = uPlot.join(lines.map(({ x, y }) => [x, y]));
  const head = ['Epoch', ...lines.map(({ name }) => name)];
  const table = () => ({ head, rows: data[0].map((_, i) => data.map(column => column[i])) });
  const best = history.epochs[lowest(history.validationLoss ?? [])];
  const note = best && `best epoch ${number(best)}`;
  return html`<${Chart} id="loss" title="Loss by epoch" note=${note} table=${table}>
    <${Lines} ...${{ lines, data, logarithmic, height }} />
  <//>`;
}

/** Lines {name, dash} of data: the x values, then those of each line. Marks the second's lowest. */
function Lines({ lines, data, logarithmic, height }) {
  const [ref, width] = useWidth();
  const theme = useTheme();
  const plot = useRef(null);
  useLayoutEffect(() => {
    const grid = { stroke: color('--grid'), width: 1 };
    const values = (_, ticks) => ticks.map(each => (each == null ? '' : number(each)));
    const axis = { stroke: color('--muted'), grid, ticks: { show: false }, values };
    const value = (self, y, i, at) => number(at == null ? self.data[i].findLast(last => last != null) : y);
    const filter = (self, i) => i === 2 && [lowest(self.data[2])];
    const points = { show: false, size: 10, fill: color('--background'), filter };
    const series = lines.map(({ name: label, dash }, i) =>
      ({ label, stroke: color(`--class-${1 + (i % 8)}`), dash, width: 2, value, points }));
    plot.current = width && new uPlot({
      width,
      height,
      scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1 } },
      axes: [{ ...axis, size: 32 }, { ...axis, size: 64 }],
      series: [{ label: 'Epoch', value }, ...series],
      legend: { markers: { dash: (_, i) => (lines[i - 1].dash ? 'dashed' : 'solid') } },
    }, data, ref.current);
    return () => plot.current && plot.current.destroy();
  }, [lines.map(({ name }) => name).join(), logarithmic, width, height, theme]);
  useLayoutEffect(() => {
    const { current } = plot;
    if (current) {
      current.setData(data);
      queueMicrotask(() => current.setCursor(current.cursor)); // after uPlot has drawn, for the legend
    }
  });
  return html`<div class="lines" role="img" aria-label="Lines" ref=${ref}></div>`;
}

/** The least 1, 2 or 5 times a power of ten that is not below a number. */
export function niceStep(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return Number((power * [1, 2, 5, 10].find(each => each * power >= size)).toPrecision(1));
}

/** Bars of items {name, value, deviation, …attributes of the row}, up to the greatest value or to. */
export function Bars({ label, items, to = 0, format = number }) {
  const ends = items.flatMap(({ value, deviation = 0 }) => [value - deviation, value + deviation]);
  const low = Math.min(0, ...ends);
  const range = Math.max(to, ...ends) - low || 1;
  return html`<table class="bars" aria-label=${label}><tbody>
    ${items.map(({ name, value, deviation, ...row }) => html`<tr ...${row}>
      <th scope="row" class="long" title=${name} dir="auto">${name}</th>
      <td><svg aria-hidden="true" viewBox="${low} 0 ${range} 1" preserveAspectRatio="none">
        <rect x=${Math.min(0, value)} width=${Math.abs(value)} height="1" />
        ${deviation > 0 && html`<path d="M${value - deviation} 0.5H${value + deviation}" />`}
      </svg></td>
      <td class="number">${format(value)} <small>${deviation > 0 && `± ${format(deviation)}`}</small></td>
    </tr>`)}
  </tbody></table>`;
}

const text = (x, y, value, type) => html`<text x=${x} y=${y} class=${type}>
  <title>${value}</title>${value.length > 12 ? `${value.slice(0, 11)}…` : value}
</text>`;

/** A confusion matrix, counts[actual][predicted]. Columns that are too narrow for names have numbers. */
export function Matrix({ names, counts }) {
  const cell = Math.max(36, Math.min(76, 380 / names.length));
  const narrow = cell < 76;
  const side = cell - 1;
  const [left, top, size] = [120, 40, names.length * cell];
  const center = i => (i + 0.5) * cell;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix">
    <svg class=${names.length > 10 ? 'matrix wide' : 'matrix'} role="img" aria-label="Confusion matrix"
      width=${left + size} height=${top + size} viewBox="${-left} ${-top} ${left + size} ${top + size}">
      ${text(-left, -8, 'actual', 'muted')}
      ${text(0, 12 - top, 'predicted', 'muted')}
      ${names.map((name, i) => [
        text(-left, center(i) + 4, narrow ? `${i + 1} ${name}` : name),
        text(center(i), -8, narrow ? `${i + 1}` : name, 'center'),
      ])}
      ${counts.map((row, i) => row.map((count, j) => {
        const share = count / (row.reduce((sum, each) => sum + each) || 1);
        return html`<g class=${i === j ? 'right' : 'wrong'}>
          <rect x=${j * cell} y=${i * cell} width=${side} height=${side} opacity=${0.05 + share / 3} />
          ${count > 0 && [
            text(center(j), center(i) + 2, number(count), 'center'),
            text(center(j), center(i) + 14, percent(share), 'center share'),
          ]}
        </g>`;
      }))}
    </svg>
  </div>`;
}

/** Points [actual, predicted], with the diagonal on which both are equal. */
export function Points({ points }) {
  const [low, high] = [Math.min(...points.flat()), Math.max(...points.flat())];
  const at = value => (300 * (value - low)) / (high - low || 1);
  return html`<svg class="points" viewBox="-50 -8 375 350" role="img" aria-label="Predicted against actual">
    <path d="M0 0V300H300" />
    <path class="diagonal" d="M0 300L300 0" />
    <path class="dots" d=${points.map(([x, y]) => `M${at(x)} ${300 - at(y)}h0`).join('')} />
    ${[low, (low + high) / 2, high].map(value => [
      text(-6, 304 - at(value), number(value), 'end'),
      text(at(value), 318, number(value), 'center'),
    ])}
    ${text(6, 8, 'predicted', 'muted')}
    ${text(300, 336, 'actual', 'muted end')}
  </svg>`;
}
