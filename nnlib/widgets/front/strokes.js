// What a hand paints, brought into the form that the data have: nnlib/widgets/strokes.py, where it is
// explained, line for line. A stroke is [[x, y], ...], both from 0 to 1; a picture is a Float64Array
// of side² pixels from 0, paper, to 1, ink.

const FINE_PIXELS = 4; // to a pixel, both ways
const DIGITS = { side: 32, wide: 20, ink: 310, radii: Array.from({ length: 17 }, (_, i) => 1.25 + 0.25 * i) };
const MNIST = { side: 28, box: 20, middle: 14, pen: 4.75 };

export function pixelsOf(strokes, side) {
  const met = strokes.filter((stroke) => stroke.length);
  if (!met.length) return new Float64Array(side * side);
  return side === 8 ? likeDigits(met) : likeMnist(met);
}

function likeDigits(strokes) {
  const { side, ink, radii } = DIGITS;
  const bitmap = (radius) => drawn(placed(strokes, radius), radius, side);
  let thin = 0;
  let thick = radii.length - 1;
  while (thin < thick) {
    const middle = (thin + thick) >> 1;
    if (sum(bitmap(radii[middle])) < ink) thin = middle + 1;
    else thick = middle;
  }
  return counted(bitmap(radii[thin]), 8);
}

function likeMnist(strokes) {
  const { side, box, middle, pen } = MNIST;
  const [low, high] = reachOf(strokes);
  const fit = (FINE_PIXELS * box - 2 * pen) / Math.max(high[0] - low[0], high[1] - low[1], 1e-9);
  const scale = Math.min(fit, 4 * FINE_PIXELS * side);
  const half = (FINE_PIXELS * side) / 2;
  const way = centred(strokes, low, high, [scale, scale]).map(([x, y]) => [x + half, y + half]);
  const pixels = counted(drawn(way, pen, FINE_PIXELS * side), side);
  const total = sum(pixels);
  const x = sum(pixels.map((value, i) => value * (i % side))) / total;
  const y = sum(pixels.map((value, i) => value * Math.floor(i / side))) / total;
  return moved(pixels, middle - Math.floor(x + 0.5), middle - Math.floor(y + 0.5));
}

export function moved(pixels, right = 0, down = 0) {
  const side = Math.sqrt(pixels.length);
  return pixels.map((_, i) => {
    const [row, column] = [Math.floor(i / side) - down, (i % side) - right];
    const inside = row >= 0 && row < side && column >= 0 && column < side;
    return inside ? pixels[row * side + column] : 0;
  });
}

function counted(bitmap, side) {
  const pixels = new Float64Array(side * side);
  const fine = FINE_PIXELS * side;
  bitmap.forEach((ink, i) => {
    const [row, column] = [Math.floor(i / fine), i % fine].map((n) => Math.floor(n / FINE_PIXELS));
    pixels[row * side + column] += ink / (FINE_PIXELS * FINE_PIXELS);
  });
  return pixels;
}

function drawn(way, radius, side) {
  const bitmap = new Uint8Array(side * side);
  const reach = Math.floor(radius) + 1;
  for (const [x, y] of way) {
    for (let row = Math.floor(y) - reach; row <= Math.floor(y) + reach; row += 1) {
      if (row < 0 || row >= side) continue;
      for (let column = Math.floor(x) - reach; column <= Math.floor(x) + reach; column += 1) {
        if (column < 0 || column >= side) continue;
        const across = column + 0.5 - x;
        const down = row + 0.5 - y;
        if (down * down + across * across <= radius * radius) bitmap[row * side + column] = 1;
      }
    }
  }
  return bitmap;
}

function placed(strokes, radius) {
  const { side, wide: widest } = DIGITS;
  const [low, high] = reachOf(strokes);
  const [wide, tall] = [0, 1].map((i) => Math.max(high[i] - low[i], 1e-9));
  const most = 4 * side; // a dot stays a dot
  let scaleY = Math.min((side - 2 * radius) / tall, most);
  const scaleX = Math.min((widest - 2 * radius) / wide, scaleY);
  scaleY = Math.min(scaleY, 3 * scaleX); // a dash stays a dash
  const way = centred(strokes, low, high, [scaleX, scaleY]);
  const heights = way.map(([, y]) => y);
  const [top, bottom] = [least(heights), -least(heights.map((y) => -y))];
  if (bottom - top > side / 2) {
    // upright: the left ends of its top and its bottom in one column
    const leftOf = (meets) => least(way.filter(([, y]) => meets(y)).map(([x]) => x));
    const begin = leftOf((y) => y <= top + 2);
    const end = leftOf((y) => y >= bottom - 2);
    const slant = (end - begin) / (bottom - top);
    for (const point of way) point[0] -= slant * point[1];
  }
  return way.map(([x, y]) => [x + side / 2, y + side / 2]);
}

function centred(strokes, low, high, scale) {
  const place = (part, i) => (part - (low[i] + high[i]) / 2) * scale[i];
  return strokes.flatMap((stroke) => dense(stroke.map((point) => point.map(place))));
}

// Points half a fine pixel apart along a stroke.
function dense(stroke) {
  const along = [0];
  for (let i = 1; i < stroke.length; i += 1) {
    const [x, y] = [0, 1].map((k) => stroke[i][k] - stroke[i - 1][k]);
    along.push(along[i - 1] + Math.sqrt(x * x + y * y));
  }
  const length = along.at(-1);
  const count = Math.floor(2 * length) + 2;
  let i = 0;
  return Array.from({ length: count }, (_, n) => {
    const wanted = n === count - 1 ? length : n * (length / (count - 1));
    while (i < along.length - 1 && along[i + 1] <= wanted) i += 1;
    if (i === along.length - 1) return [...stroke[i]];
    const part = wanted - along[i];
    return [0, 1].map((k) => ((stroke[i + 1][k] - stroke[i][k]) / (along[i + 1] - along[i])) * part + stroke[i][k]);
  });
}

function reachOf(strokes) {
  const points = strokes.flat();
  const low = [0, 1].map((i) => least(points.map((point) => point[i])));
  return [low, [0, 1].map((i) => -least(points.map((point) => -point[i])))];
}

function least(numbers) {
  return numbers.reduce((a, b) => Math.min(a, b), Infinity);
}

function sum(numbers) {
  return numbers.reduce((a, b) => a + b, 0);
}
