// Charts. Each is drawn from plain data; its table is the business of Chart in ui.js.
import { html, useEffect, useRef, useState } from './vendor/htm-preact.js';
import { eachFrame, number, percent, useTheme, useWidth } from './ui.js';

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
  const { current: shown } = useRef({ plot: null, zoom: null, draw: eachFrame(() => draw(shown)) });
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
  useEffect(() => shown.draw());
  const showAll = () => {
    shown.zoom = null;
    setZoomed(false);
    shown.draw();
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

/** The nearest number of 1, 2 or 5 times a power of ten that is not below the given one. */
export function niceStep(size) {
  const power = 10 ** Math.floor(Math.log10(size));
  return Number((power * [1, 2, 5, 10].find(each => each * power >= size * 0.999)).toPrecision(1));
}

/** The multiples of a nice step within a range, about as many as asked for. */
export function ticks(low, high, count) {
  const step = niceStep((high - low) / count || 1);
  const first = Math.ceil(low / step);
  const size = Math.floor(high / step) - first + 1;
  return Array.from({ length: size }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const short = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/**
 * Horizontal bars in a table: items = [{name, value, deviation, …attributes of the row}], drawn from 0 over the range
 * that contains all values, from and to.
 */
export function Bars({ label, items, from = 0, to = 0, format = number }) {
  const ends = items.flatMap(({ value, deviation = 0 }) => [value - deviation, value + deviation]);
  const low = Math.min(0, from, ...ends);
  const range = Math.max(to, ...ends) - low || 1;
  const x = value => `${(100 * (value - low)) / range}%`;
  return html`<table class="bars" aria-label=${label}><tbody>
    ${items.map(({ name, value, deviation, ...row }) => html`<tr ...${row}>
      <th scope="row" class="long" title=${name} dir="auto">${name}</th>
      <td><svg aria-hidden="true" width="100%" height="20">
        <rect class="track" width="100%" y="5" height="10" rx="2" />
        <rect x=${x(Math.min(0, value))} width=${`${(100 * Math.abs(value)) / range}%`} y="5" height="10" rx="2" />
        ${deviation > 0 && html`<line x1=${x(value - deviation)} x2=${x(value + deviation)} y1="10" y2="10" />`}
      </svg></td>
      <td class="number">${format(value)}${deviation != null && html` <small>± ${format(deviation)}</small>`}</td>
    </tr>`)}
  </tbody></table>`;
}

/** A confusion matrix: a row per actual class, a column per predicted one; scrolls sideways if there are many. */
export function Matrix({ names, counts }) {
  const [ref, width] = useWidth();
  const left = width < 500 ? 92 : 140;
  const cell = Math.max(30, Math.min(80, Math.floor((width - left - 1) / names.length)));
  const upright = cell < 60;
  const top = upright ? left : 48;
  const name = (i, length) => html`<title>${names[i]}</title>${short(names[i], Math.floor(length / 7.5))}`;
  const at = (x, y) => `translate(${left + (x + 0.5) * cell} ${top + (y + 0.5) * cell})`;
  return html`<div class="scroll" ref=${ref} tabindex="0" role="region" aria-label="Confusion matrix">
    <svg class="matrix" role="img" aria-label="Counts by actual and predicted class"
      width=${left + cell * names.length} height=${top + cell * names.length}>
      <text class="axis" x=${left} y="14">predicted</text>
      <text class="axis" text-anchor="end" transform=${`translate(14 ${top}) rotate(-90)`}>actual</text>
      ${names.map((_, i) => html`
        <text text-anchor="end" x=${left - 8} y=${top + (i + 0.5) * cell + 4}>${name(i, left - 36)}</text>
        <text text-anchor=${upright ? 'start' : 'middle'}
          transform=${upright ? `${at(i, -0.5)} translate(4 -8) rotate(-90)` : `${at(i, -0.5)} translate(0 -8)`}>
          ${name(i, upright ? top - 36 : cell)}</text>`)}
      ${counts.map((row, y) => row.map((count, x) => {
        const share = count / (row.reduce((sum, each) => sum + each, 0) || 1);
        return html`<g transform=${at(x, y)} class=${x === y ? 'right' : 'wrong'}>
          <title>${`actual ${names[y]}, predicted ${names[x]}: ${number(count)} (${percent(share)})`}</title>
          <rect x=${-cell / 2} y=${-cell / 2} width=${cell - 1} height=${cell - 1} fill-opacity=${0.04 + 0.36 * share} />
          ${(count > 0 || cell >= 52) && html`<text text-anchor="middle" y=${cell < 52 ? 4 : -1}>${number(count)}</text>`}
          ${cell >= 52 && html`<text class="share" text-anchor="middle" y="15">${percent(share)}</text>`}
        </g>`;
      }))}
    </svg>
  </div>`;
}

/** Points [x, y] in a square with the same axis on both sides, and the diagonal on which both are equal. */
export function Points({ points, xName, yName, format = number }) {
  const [ref, width] = useWidth();
  const size = Math.min(width, 480);
  const all = points.flat();
  const low = all.reduce((a, b) => Math.min(a, b), Infinity);
  const high = all.reduce((a, b) => Math.max(a, b), -Infinity);
  const [left, bottom, pad] = [64, 44, 8];
  const scale = (value, length) => pad + ((length - 2 * pad) * (value - low)) / (high - low || 1);
  const x = value => left + scale(value, size - left);
  const y = value => size - bottom - scale(value, size - bottom);
  return html`<div ref=${ref}><svg class="points" role="img" aria-label=${`${yName} against ${xName}`} width=${size} height=${size}>
    ${ticks(low, high, 5).map(tick => html`
      <path class="grid" d=${`M${x(tick)} 0V${size - bottom}M${left} ${y(tick)}H${size}`} />
      <text text-anchor="middle" x=${x(tick)} y=${size - bottom + 16}>${format(tick)}</text>
      <text text-anchor="end" x=${left - 6} y=${y(tick) + 4}>${format(tick)}</text>`)}
    <text class="axis" text-anchor="end" x=${size} y=${size - 6}>${xName}</text>
    <text class="axis" text-anchor="end" transform="translate(12 0) rotate(-90)">${yName}</text>
    <path class="diagonal" d=${`M${x(low)} ${y(low)}L${x(high)} ${y(high)}`} />
    <path class="dots" d=${points.map(([a, b]) => `M${x(a).toFixed(1)} ${y(b).toFixed(1)}h0`).join('')} />
  </svg></div>`;
}
