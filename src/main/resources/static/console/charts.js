// Charts. Each is drawn from plain data; its table is the business of Chart in ui.js.
import { html, useEffect, useRef } from './vendor/htm-preact.js';
import { number, useTheme, useWidth } from './ui.js';

const probe = document.head.appendChild(document.createElement('i'));

/** A color of the style sheet as it is in the current theme, for canvases. */
export function color(name) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

/**
 * Lines over a common axis: x = numbers, series = [{name, values, color: '--name', dashed}]. A mark is a vertical line:
 * {x, name}. Zoom by dragging, double click to see everything.
 */
export function Lines({ x, series, xName, logarithmic = false, mark, height = 280 }) {
  const [ref, width] = useWidth();
  const plot = useRef(null);
  const theme = useTheme();
  const names = series.map(each => each.name + each.color).join();
  useEffect(() => {
    if (width === 0) {
      return undefined;
    }
    const axis = { stroke: () => color('--pico-muted-color'), grid: { stroke: () => color('--grid'), width: 1 }, ticks: { show: false } };
    const value = (_, each) => number(each);
    plot.current = new uPlot(
      {
        width,
        height,
        scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1 } },
        axes: [{ ...axis, values: (_, splits) => splits.map(each => number(each)) }, { ...axis, size: 64, values: (_, splits) => splits.map(each => (each == null ? '' : number(each))) }],
        series: [
          { label: xName, value },
          ...series.map(each => ({ label: each.name, stroke: () => color(each.color), width: 2, dash: each.dashed ? [6, 4] : undefined, value, points: { show: false } })),
        ],
        hooks: { draw: [drawn => drawMark(drawn, plot.mark)] },
      },
      [x, ...series.map(each => each.values)],
      ref.current,
    );
    return () => plot.current.destroy();
  }, [names, logarithmic, width, height, theme]);
  useEffect(() => {
    plot.mark = mark;
    plot.current?.setData([x, ...series.map(each => each.values)]);
  }, [x, series, mark?.x]);
  return html`<div class="lines" ref=${ref}></div>`;
}

function drawMark(plot, mark) {
  if (mark?.x != null) {
    const { ctx, bbox } = plot;
    const position = Math.round(plot.valToPos(mark.x, 'x', true));
    ctx.save();
    ctx.strokeStyle = color('--accent');
    ctx.setLineDash([2, 4]);
    ctx.beginPath();
    ctx.moveTo(position, bbox.top);
    ctx.lineTo(position, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}
