import type { Status } from '../fleet/status';

/** The part of a drawing context that shapes need: the page's canvas and an off-screen one both have it. */
export type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

type Body = (pen: Pen) => void;

interface Shape {
  /** Traces the outline in a unit circle: x right, y down. */
  body: Body;
  /** In the place of a body that turns, where no heading is known: an arrow would show one. */
  bodyWithoutHeading?: Body;
  /** The body turns with the heading and so shows it by itself; other bodies stay upright and carry a nose. */
  turns: boolean;
  /** Drawn as an outline only: the robot is not (known to be) there to act. */
  isHollow: boolean;
  /** A sign inside, so that states stay apart in greyscale. */
  sign?: Body;
}

const polygon =
  (corners: number, radius: number, turnRadians = 0): Body =>
  (pen) => {
    for (let corner = 0; corner < corners; corner++) {
      const angle = turnRadians + (corner * 2 * Math.PI) / corners;
      pen.lineTo(radius * Math.cos(angle), radius * Math.sin(angle));
    }
    pen.closePath();
  };

const circle =
  (radius: number): Body =>
  (pen) =>
    pen.arc(0, 0, radius, 0, 2 * Math.PI);

const lines =
  (...strokes: number[][]): Body =>
  (pen) => {
    for (const [x1 = 0, y1 = 0, ...rest] of strokes) {
      pen.moveTo(x1, y1);
      for (let k = 0; k + 1 < rest.length; k += 2) pen.lineTo(rest[k] ?? 0, rest[k + 1] ?? 0);
    }
  };

const SMALLEST_OUTLINED_PX = 8;

const UPRIGHT = -Math.PI / 2;

const arrow: Body = (pen) => {
  pen.moveTo(0.95, 0);
  pen.lineTo(-0.72, 0.72);
  pen.lineTo(-0.38, 0);
  pen.lineTo(-0.72, -0.72);
  pen.closePath();
};

const cross: Body = (pen) => {
  const [arm, half] = [0.78, 0.3];
  const corners = [half, arm, half, half, arm, half, arm, -half, half, -half, half, -arm];
  for (let k = 0; k < corners.length; k += 2) pen.lineTo(corners[k] ?? 0, corners[k + 1] ?? 0);
  for (let k = 0; k < corners.length; k += 2) pen.lineTo(-(corners[k] ?? 0), -(corners[k + 1] ?? 0));
  pen.closePath();
};

const bolt = lines([0.12, -0.4, -0.18, 0.06, 0.14, 0.06, -0.1, 0.42]);

export const SHAPES: Record<Status, Shape> = {
  working: { body: arrow, bodyWithoutHeading: polygon(6, 0.82, UPRIGHT), turns: true, isHollow: false },
  idle: { body: circle(0.62), turns: false, isHollow: false },
  charging: { body: polygon(4, 0.88, Math.PI / 4), turns: false, isHollow: false, sign: bolt },
  blocked: { body: polygon(8, 0.78, Math.PI / 8), turns: false, isHollow: false, sign: lines([-0.38, 0, 0.38, 0]) },
  error: {
    body: polygon(3, 0.95, UPRIGHT),
    turns: false,
    isHollow: false,
    sign: lines([0, -0.32, 0, 0.1], [0, 0.3, 0, 0.32]),
  },
  manual: { body: polygon(4, 0.9), turns: false, isHollow: false, sign: circle(0.16) },
  maintenance: { body: cross, turns: false, isHollow: false },
  offline: { body: circle(0.62), turns: false, isHollow: true, sign: lines([-0.4, 0.4, 0.4, -0.4]) },
  silent: { body: circle(0.66), turns: false, isHollow: true, sign: lines([0, -0.32, 0, 0.02, 0.22, 0.2]) },
  unknown: { body: polygon(4, 0.72), turns: false, isHollow: true },
};

/** Draws one marker in a unit circle around the origin of the pen. A NaN heading draws no nose. */
export function drawMarker(
  pen: Pen,
  status: Status,
  headingRadians: number,
  sizePx: number,
  colours: { fill: string; outline: string; sign: string }
): void {
  const shape = SHAPES[status];
  const hasHeading = !Number.isNaN(headingRadians);
  const unitPx = sizePx / 2;
  pen.save();
  pen.scale(unitPx, unitPx);
  pen.lineJoin = 'round';
  pen.lineCap = 'round';
  if (hasHeading && !shape.turns) drawNose(pen, headingRadians, colours);
  pen.save();
  // Screen y runs down, so a counter-clockwise heading is a negative turn.
  if (shape.turns && hasHeading) pen.rotate(-headingRadians);
  pen.beginPath();
  const body = hasHeading ? shape.body : (shape.bodyWithoutHeading ?? shape.body);
  body(pen);
  // The outlines of a dense crowd of small markers would cover the markers beneath, and leave nothing but outline.
  if (sizePx >= SMALLEST_OUTLINED_PX) {
    pen.lineWidth = (shape.isHollow ? 5 : 2.4) / sizePx + 0.12;
    pen.strokeStyle = colours.outline;
    pen.stroke();
  }
  if (shape.isHollow) {
    pen.lineWidth = 2 / sizePx + 0.12;
    pen.strokeStyle = colours.fill;
    pen.stroke();
  } else {
    pen.fillStyle = colours.fill;
    pen.fill();
  }
  pen.restore();
  if (shape.sign && sizePx >= 12) drawSign(pen, shape.sign, shape.isHollow ? colours.fill : colours.sign, sizePx);
  pen.restore();
}

function drawNose(pen: Pen, headingRadians: number, colours: { fill: string; outline: string }): void {
  pen.save();
  pen.rotate(-headingRadians);
  pen.beginPath();
  pen.moveTo(1, 0);
  pen.lineTo(0.5, 0.42);
  pen.lineTo(0.5, -0.42);
  pen.closePath();
  pen.lineWidth = 0.16;
  pen.strokeStyle = colours.outline;
  pen.stroke();
  pen.fillStyle = colours.fill;
  pen.fill();
  pen.restore();
}

function drawSign(pen: Pen, sign: Body, colour: string, sizePx: number): void {
  pen.beginPath();
  sign(pen);
  pen.lineWidth = 1.2 / sizePx + 0.13;
  pen.strokeStyle = colour;
  pen.stroke();
}
