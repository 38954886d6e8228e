// Charts. Each is drawn from plain data; its table is the business of Chart in ui.js.
import { html, useEffect, useLayoutEffect, useRef, useState } from './vendor/htm-preact.js';
import { number, percent, useTheme, useWidth } from './ui.js';

const probe = document.head.appendChild(document.createElement('i'));

/** A color of the style sheet as it is in the current theme, for canvases. */
export function color(name) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

const INCREMENTS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8].flatMap(each => [each, 2 * each, 5 * each]);

/**
 * Lines over a common axis of whole numbers: x = numbers, series = [{name, values, color: '--name', dash: [6, 4], x}], where
 * a series may have an x of its own. Arrays may be the same ones as before with values appended. A mark is a vertical line:
 * {x, name}. The label says in words what is shown. Zoom by dragging, double click to see everything.
 */
export function Lines({ x, series, xName, logarithmic = false, mark, label, height = 280 }) {
  const [ref, width] = useWidth();
  const theme = useTheme();
  const [zoomed, setZoomed] = useState(false);
  const { current: shown } = useRef({ plot: null, zoom: null });
  const data = series.some(each => each.x)
    ? () => uPlot.join(series.map(each => [each.x ?? x, each.values]))
    : () => [x, ...series.map(each => each.values)];
  Object.assign(shown, { data, mark, label: label ?? series.map(each => each.name).join(', ') });
  const shape = series.map(each => [each.name, each.color, each.dash]).join();

  useEffect(() => {
    if (width === 0) {
      return undefined;
    }
    const axis = { stroke: color('--pico-muted-color'), grid: { stroke: color('--grid'), width: 1 }, ticks: { show: false } };
    const accent = color('--accent');
    const numbers = (_, splits) => splits.map(each => (each == null ? '' : number(each)));
    const value = (plot, each, i, index) =>
      number(index == null ? plot.data[i].findLast(last => last != null) : each);
    shown.plot = new uPlot(
      {
        width,
        height,
        scales: {
          x: { time: false, range: (_, min, max) => shown.zoom ?? [min ?? 0, Math.max(max ?? 1, (min ?? 0) + 1)] },
          y: { distr: logarithmic ? 3 : 1 },
        },
        axes: [{ ...axis, incrs: INCREMENTS, values: numbers }, { ...axis, size: 64, values: numbers }],
        series: [
          { label: xName, value },
          ...series.map(({ name, color: stroke, dash }) =>
            ({ label: name, stroke: color(stroke), dash, width: 2, value, points: { show: false } })),
        ],
        legend: { markers: { dash: (plot, i) => (plot.series[i].dash ? 'dashed' : 'solid') } },
        cursor: { y: false, bind: { dblclick: () => () => showAll() } },
        hooks: {
          setSelect: [plot => {
            const { left, width: selected } = plot.select;
            if (selected > 0) {
              shown.zoom = [plot.posToVal(left, 'x'), plot.posToVal(left + selected, 'x')];
              setZoomed(true);
            }
          }],
          draw: [plot => drawMark(plot, shown.mark, accent)],
        },
      },
      shown.data(),
      ref.current,
    );
    shown.plot.ctx.canvas.setAttribute('role', 'img');
    shown.plot.ctx.canvas.setAttribute('aria-label', shown.label);
    return () => {
      shown.plot.destroy();
      shown.plot = null;
    };
  }, [shape, logarithmic, width > 0, height, theme]);
  useEffect(() => shown.plot?.setSize({ width, height }), [width]);
  useLayoutEffect(() => draw(shown));
  const showAll = () => {
    shown.zoom = null;
    setZoomed(false);
  };
  return html`<div class="lines">
    <div ref=${ref}></div>
    ${zoomed ? html`<button type="button" class="quiet" onClick=${showAll}>Show all</button>` : html`<small>Drag to zoom</small>`}
  </div>`;
}

function draw({ plot, data, label }) {
  if (plot) {
    plot.setData(data());
    plot.ctx.canvas.setAttribute('aria-label', label);
  }
}

function drawMark({ ctx, bbox, valToPos, scales }, mark, stroke) {
  if (mark?.x >= scales.x.min && mark.x <= scales.x.max) {
    const x = Math.round(valToPos(mark.x, 'x', true));
    const isLeft = x < bbox.left + bbox.width / 2;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = stroke;
    ctx.setLineDash([2, 4]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = isLeft ? 'left' : 'right';
    ctx.textBaseline = 'top';
    ctx.fillText(mark.name ?? '', x + (isLeft ? 6 : -6), bbox.top + 4);
    ctx.restore();
  }
}

/** The least 1, 2 or 5 times a power of ten that is not below a number. */
export function niceStep(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return Number((power * [1, 2, 5, 10].find(each => each * power >= size)).toPrecision(1));
}

const short = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/** Bars from 0 in a table: items = [{name, value, deviation, …attributes of the row}]; they end at the greatest value or at to. */
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
      <td class="number">${format(value)} ${deviation != null && html`<small>± ${format(deviation)}</small>`}</td>
    </tr>`)}
  </tbody></table>`;
}

/** A confusion matrix, counts[actual][predicted], with the share of each cell in its row; scrolls if there are many classes. */
export function Matrix({ names, counts }) {
  const cell = Math.max(36, Math.min(76, 380 / names.length));
  const slanted = cell < 76;
  const [left, top] = [112, slanted ? 112 : 44];
  const x = i => left + (i + 0.5) * cell;
  const y = i => top + (i + 0.5) * cell;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix">
    <svg class=${names.length > 10 ? 'matrix wide' : 'matrix'} role="img" aria-label="Counts by actual and predicted class" width=${x(names.length)} height=${y(names.length)}>
      <text class="muted" x="0" y=${top - 8}>actual</text>
      <text class="muted" x=${left} y="12">predicted</text>
      ${names.map((name, i) => html`
        <text text-anchor="end" x=${left - 8} y=${y(i) + 4}><title>${name}</title>${short(name, 15)}</text>
        <text text-anchor=${slanted ? 'start' : 'middle'}
          transform=${`translate(${x(i)} ${top - 8}) rotate(${slanted ? -60 : 0})`}>
          <title>${name}</title>${short(name, 11)}</text>`)}
      ${counts.map((row, i) => row.map((count, j) => {
        const share = count / (row.reduce((sum, each) => sum + each, 0) || 1);
        return html`<g class=${i === j ? 'right' : 'wrong'} transform=${`translate(${x(j)} ${y(i)})`}>
          <title>${names[i]} predicted as ${names[j]}: ${number(count)}, ${percent(share)}</title>
          <rect x=${-cell / 2} y=${-cell / 2} width=${cell - 1} height=${cell - 1} fill-opacity=${0.05 + 0.35 * share} />
          ${count > 0 && html`<text text-anchor="middle" y="2">${number(count)}</text>
            <text class="share" text-anchor="middle" y="14">${percent(share)}</text>`}
        </g>`;
      }))}
    </svg>
  </div>`;
}

/** Points [x, y] on equal axes, with the diagonal on which both are equal. */
export function Points({ points, xName, yName, format = number }) {
  const sorted = points.flat().sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted.at(-1)];
  const at = value => (300 * (value - low)) / (high - low || 1);
  return html`<svg class="points" viewBox="-50 -8 375 350" role="img" aria-label=${`${yName} against ${xName}`}>
    <path class="axes" d="M0 0V300H300" />
    <path class="diagonal" d="M0 300L300 0" />
    <path class="dots" d=${points.map(([x, y]) => `M${at(x).toFixed(1)} ${(300 - at(y)).toFixed(1)}h0`).join('')} />
    ${[low, (low + high) / 2, high].map(value => html`
      <text text-anchor="end" x="-6" y=${304 - at(value)}>${format(value)}</text>
      <text text-anchor="middle" x=${at(value)} y="318">${format(value)}</text>`)}
    <text class="muted" x="6" y="8">${yName}</text>
    <text class="muted" text-anchor="end" x="300" y="336">${xName}</text>
  </svg>`;
}
