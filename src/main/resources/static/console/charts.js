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
export function LossChart({ history, others = [], networks = 1, logarithmic = false, height = 280 }) {
  const lines = [history, ...others].flatMap(({ epochs, loss, validationLoss, suffix = '' }) => [
    { name: `Loss${suffix}`, x: epochs, y: loss },
    { name: `Validation loss${suffix}`, x: epochs, y: validationLoss, dash: [5, 3] },
  ]).filter(({ y }) => y);
  const data = uPlot.join(lines.map(({ x, y }) => [x, y]));
  const head = ['Epoch', ...lines.map(({ name }) => name)];
  const table = () => ({ head, rows: data[0].map((_, i) => data.map(column => column[i])) });
  const best = history.epochs[lowest(history.validationLoss ?? [])];
  const note = networks > 1 ? `${networks} networks, one after the other` : best && `best epoch ${number(best)}`;
  return html`<${Chart} id="loss" title="Loss by epoch" note=${note} table=${table}>
    <${Lines} ...${{ lines, data, logarithmic, height, marked: 2 }} />
  <//>`;
}

/** Lines {name, dash, stroke, width} of data: the x values, then those of each line. Marks the lowest of one. */
export function Lines({ lines, data, logarithmic, height = 280, marked, legend = true }) {
  const [ref, width] = useWidth();
  const theme = useTheme();
  const plot = useRef(null);
  useLayoutEffect(() => {
    const grid = { stroke: color('--grid'), width: 1 };
    const values = (_, ticks) => ticks.map(each => (each == null ? '' : number(each)));
    const axis = { stroke: color('--muted'), grid, ticks: { show: false }, values };
    const value = (self, y, i, at) => number(at == null ? self.data[i].findLast(last => last != null) : y);
    const filter = (self, i) => i === marked && [lowest(self.data[i])];
    const points = { show: false, size: 10, fill: color('--background'), filter };
    const series = lines.map(({ name: label, dash, stroke, width = 2 }, i) =>
      ({ label, stroke: color(stroke ?? `--class-${1 + (i % 8)}`), dash, width, value, points }));
    plot.current = width && new uPlot({
      width,
      height,
      scales: {
        x: { time: false },
        y: logarithmic ? { distr: 3, range: (_, low, high) => [low / 1.1, high * 1.1] } : {},
      },
      axes: [{ ...axis, size: 32 }, { ...axis, size: 64 }],
      series: [{ label: 'Epoch', value }, ...series],
      legend: { show: legend, markers: { dash: (_, i) => (lines[i - 1].dash ? 'dashed' : 'solid') } },
    }, data, ref.current);
    return () => plot.current && plot.current.destroy();
  }, [lines.map(({ name, stroke }) => name + stroke).join(), logarithmic, width, height, theme]);
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

const text = (x, y, value, type, letters = 12) => html`<text x=${x} y=${y} class=${type}>
  <title>${value}</title>${value.length > letters ? `${value.slice(0, letters - 1)}…` : value}
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

/** An axis of numbers: at(number) is from 0 to 1. */
export function axisOf(name, values, logarithmic) {
  const scale = logarithmic ? Math.log : Number;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const at = value => (low === high ? 0.5 : (scale(value) - scale(low)) / (scale(high) - scale(low)));
  const middle = logarithmic ? Math.sqrt(low * high) : (low + high) / 2;
  return { name, at, ticks: [...new Set([low, middle, high])].map(value => [value, number(value, 3)]) };
}

/** Points by their class, {dots: [[x, y], …]}, of two axes {name, at, ticks: [[value, text], …]}. */
export function Points({ x, y, points, height = 300, diagonal }) {
  const left = value => 300 * x.at(value);
  const top = value => height * (1 - y.at(value));
  return html`<svg class="points" viewBox="-56 -16 380 ${height + 58}" role="img" aria-label="${y.name} by ${x.name}">
    <path d="M0 0V${height}H300" />
    ${diagonal && html`<path class="diagonal" d="M0 ${height}L300 0" />`}
    ${Object.entries(points).map(([type, pairs]) => html`<path class="dots ${type}"
      d=${pairs.map(pair => `M${left(pair[0])} ${top(pair[1])}h0`).join('')} />`)}
    ${y.ticks.map(([value, name]) => text(-6, 4 + top(value), name, 'end'))}
    ${x.ticks.map(([value, name]) => text(left(value), height + 18, name, 'center', 50 / x.ticks.length))}
    ${text(6, 0, y.name, 'muted', 40)}
    ${text(300, height + 36, x.name, 'muted end', 40)}
  </svg>`;
}
