// Charts. Each is drawn from plain data; its table is the business of Chart in ui.js.
import { html, useEffect, useLayoutEffect, useRef } from './vendor/htm-preact.js';
import { Chart, number, percent, useTheme, useWidth } from './ui.js';

const probe = document.head.appendChild(document.createElement('i'));

/** A color of the style sheet as it is in the current theme, for canvases. */
export function color(name) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

/** The losses of a training by epoch, and those of others: histories {epochs, loss, validationLoss, suffix}. */
export function LossChart({ history, others = [], best, logarithmic = false, height = 280 }) {
  const lines = [history, ...others].flatMap(({ epochs, loss, validationLoss: values, suffix = '' }, i) => [
    { epochs, name: `Loss${suffix}`, values: loss, color: `--class-${i ? 2 + (i % 6) : 1}`, dash: i && [4 * i, 3] },
    { epochs, name: `Validation loss${suffix}`, values, color: `--class-${2 + (i % 6)}`, dash: [5, 3, i, 3] },
  ]).filter(({ values }) => values);
  const data = uPlot.join(lines.map(({ epochs, values }) => [epochs, values]));
  const head = ['Epoch', ...lines.map(({ name }) => name)];
  const table = () => ({ head, rows: data[0].map((_, i) => data.map(column => column[i])) });
  return html`<${Chart} id="loss" title="Loss by epoch" note=${best && `best epoch ${number(best)}`} table=${table}>
    <${Lines} ...${{ lines, data, best, logarithmic, height }} />
  <//>`;
}

const WHOLE = [1, 10, 100, 1e3, 1e4, 1e5].flatMap(each => [each, 2 * each, 5 * each]);

function Lines({ lines, data, best, logarithmic, height }) {
  const [ref, width] = useWidth();
  const theme = useTheme();
  const { current: shown } = useRef({});
  useEffect(() => {
    const grid = { stroke: color('--grid'), width: 1 };
    const numbers = (_, values) => values.map(each => (each == null ? '' : number(each)));
    const axis = { stroke: color('--muted'), grid, ticks: { show: false }, values: numbers };
    const value = (plot, each, i, index) => number(index == null ? plot.data[i].findLast(last => last != null) : each);
    const accent = color('--accent');
    const mark = ({ ctx, bbox, scales, valToPos }) => {
      ctx.fillStyle = accent;
      if (shown.best >= scales.x.min && shown.best <= scales.x.max) {
        ctx.fillRect(valToPos(shown.best, 'x', true), bbox.top, 1, bbox.height);
      }
    };
    const plot = width && new uPlot({
      width,
      height,
      scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1 } },
      axes: [{ ...axis, incrs: WHOLE, size: 32 }, { ...axis, size: 64 }],
      series: [{ label: 'Epoch', value }, ...lines.map(({ name, color: line, dash }) =>
        ({ label: name, stroke: color(line), dash: dash || null, width: 2, value, points: { show: false } }))],
      legend: { markers: { dash: (_, i) => (lines[i - 1].dash ? 'dashed' : 'solid') } },
      hooks: { draw: [mark] },
    }, data, ref.current);
    shown.plot = plot;
    return () => plot && plot.destroy();
  }, [lines.map(({ name }) => name).join(), logarithmic, width, height, theme]);
  useLayoutEffect(() => {
    shown.best = best;
    const { plot, last } = shown;
    if (plot) {
      const { min, max } = plot.scales.x;
      const zoomed = min > data[0][0] || max < last;
      plot.setData(data, !zoomed);
      zoomed && plot.setScale('x', { min, max });
      queueMicrotask(() => plot.setCursor(plot.cursor)); // after uPlot has drawn, for the legend
      shown.last = data[0].at(-1);
      plot.ctx.canvas.role = 'img';
      plot.ctx.canvas.ariaLabel = `Loss ${number(data[1].at(-1))}, best epoch ${number(best)}`;
    }
  });
  return html`<div class="lines" ref=${ref}></div><small>Drag to zoom, double-click to reset</small>`;
}

/** The least 1, 2 or 5 times a power of ten that is not below a number. */
export function niceStep(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return Number((power * [1, 2, 5, 10].find(each => each * power >= size)).toPrecision(1));
}

/** Bars from 0 to the greatest value, or to at least: items = [{name, value, deviation, …attributes of the row}]. */
export function Bars({ label, items, to = 0, format = number }) {
  const low = Math.min(0, ...items.map(({ value, deviation = 0 }) => value - deviation));
  const range = Math.max(to, ...items.map(({ value, deviation = 0 }) => value + deviation)) - low || 1;
  const share = value => `${(100 * value) / range}%`;
  return html`<table class="bars" aria-label=${label}><tbody>
    ${items.map(({ name, value, deviation, ...row }) => html`<tr ...${row}>
      <th scope="row" class="long" title=${name} dir="auto">${name}</th>
      <td><svg aria-hidden="true" width="100%" height="20">
        <rect class="track" width="100%" y="5" height="10" />
        <rect x=${share(Math.min(0, value) - low)} width=${share(Math.abs(value))} y="5" height="10" />
        ${deviation > 0 && html`
          <line x1=${share(value - deviation - low)} x2=${share(value + deviation - low)} y1="10" y2="10" />`}
      </svg></td>
      <td class="number">${format(value)}${deviation != null && html` <small>± ${format(deviation)}</small>`}</td>
    </tr>`)}
  </tbody></table>`;
}

/** A confusion matrix, counts[actual][predicted], with the share of each cell in its row. */
export function Matrix({ names, counts }) {
  const cell = Math.max(36, Math.min(76, 380 / names.length));
  const slope = cell < 76 ? -60 : 0;
  const [left, top] = [112, slope ? 112 : 44];
  const x = i => left + (i + 0.5) * cell;
  const y = i => top + (i + 0.5) * cell;
  const text = name => html`<title>${name}</title>${name.length > 12 ? `${name.slice(0, 11)}…` : name}`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix">
    <svg class=${names.length > 10 ? 'matrix wide' : 'matrix'} width=${x(names.length)} height=${y(names.length)}
      role="img" aria-label="Counts by actual and predicted class">
      <text class="muted" x="0" y=${top - 8}>actual</text>
      <text class="muted" x=${left} y="12">predicted</text>
      ${names.map((name, i) => html`
        <text text-anchor="end" x=${left - 8} y=${y(i) + 4}>${text(name)}</text>
        <text text-anchor=${slope ? 'start' : 'middle'}
          transform=${`translate(${x(i)} ${top - 8}) rotate(${slope})`}>${text(name)}</text>`)}
      ${counts.map((row, i) => row.map((count, j) => {
        const share = count / (row.reduce((sum, each) => sum + each) || 1);
        return html`<g class=${i === j ? 'right' : 'wrong'} transform=${`translate(${x(j)} ${y(i)})`}>
          <title>${names[i]} predicted as ${names[j]}: ${number(count)}, ${percent(share)}</title>
          <rect x=${-cell / 2} y=${-cell / 2} width=${cell - 1} height=${cell - 1}
            opacity=${0.05 + 0.35 * share} />
          ${count > 0 && html`<text text-anchor="middle" y="2">${number(count)}</text>
            <text class="share" text-anchor="middle" y="14">${percent(share)}</text>`}
        </g>`;
      }))}
    </svg>
  </div>`;
}

/** Points [actual, predicted], with the diagonal on which both are equal. */
export function Points({ points }) {
  const sorted = points.flat().sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted.at(-1)];
  const at = value => (300 * (value - low)) / (high - low || 1);
  return html`<svg class="points" viewBox="-50 -8 375 350" role="img" aria-label="Predicted against actual">
    <path d="M0 0V300H300" />
    <path class="diagonal" d="M0 300L300 0" />
    <path class="dots" d=${points.map(([x, y]) => `M${at(x)} ${300 - at(y)}h0`).join('')} />
    ${[low, (low + high) / 2, high].map(value => html`
      <text text-anchor="end" x="-6" y=${304 - at(value)}>${number(value)}</text>
      <text text-anchor="middle" x=${at(value)} y="318">${number(value)}</text>`)}
    <text class="muted" x="6" y="8">predicted</text>
    <text class="muted" text-anchor="end" x="300" y="336">actual</text>
  </svg>`;
}
