// A network that nnlib/widgets/packed.py has packed, run in the browser: forward to the probabilities
// of one picture, and back from the winning score to the pixels. The formulas are those of
// nnlib/layers.py and nnlib/conv.py, one number at a time; a picture is a flat row of channels, rows,
// columns, and `shape` says how many of each.

export function networkOf(layers, side) {
  let shape = [1, side, side];
  const parts = layers.map((packed) => {
    const part = KINDS[packed.kind](packed, shape);
    shape = part.shape ?? shape;
    return part;
  });
  return {
    // {probabilities, slopes}: slopes are ∂(score of the class that wins)/∂(pixel)
    read(pixels, why) {
      let A = Float64Array.from(pixels);
      for (const part of parts) A = part.forward(A);
      const most = Math.max(...A);
      const E = A.map((z) => Math.exp(z - most));
      const total = E.reduce((a, b) => a + b, 0);
      const probabilities = [...E.map((e) => e / total)];
      if (!why) return { probabilities, slopes: [] };
      let d = new Float64Array(A.length);
      d[A.indexOf(most)] = 1;
      for (const part of [...parts].reverse()) d = part.backward(d);
      return { probabilities, slopes: [...d] };
    },
  };
}

// An activation: a function of each number, and its derivative from z and a.
function each(f, slope) {
  let Z, A;
  return {
    forward: (input) => (A = (Z = input).map(f)),
    backward: (d) => d.map((value, i) => value * slope(Z[i], A[i])),
  };
}

const same = () => each((z) => z, () => 1);
const KINDS = {
  ReLU: () => each((z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)),
  LeakyReLU: ({ negative_slope: s }) => each((z) => (z > 0 ? z : s * z), (z) => (z > 0 ? 1 : s)),
  Tanh: () => each(Math.tanh, (z, a) => 1 - a * a),
  Sigmoid: () => each((z) => 1 / (1 + Math.exp(-z)), (z, a) => a * (1 - a)),
  Dropout: same, // nothing is dropped when a network is used
  Flatten: (packed, shape) => ({ ...same(), shape: [shape.reduce((a, b) => a * b)] }),
  Linear,
  Conv2d,
  MaxPool2d,
};

function Linear(packed, shape) {
  const { whole, scale, b } = unpacked(packed);
  const [n, m] = [shape.reduce((a, b) => a * b), b.length];
  return {
    shape: [m],
    forward(X) {
      const Z = new Float64Array(m);
      for (let i = 0; i < n; i += 1) {
        if (X[i] === 0) continue; // paper, or a unit that is off
        for (let j = 0; j < m; j += 1) Z[j] += X[i] * whole[i * m + j];
      }
      return Z.map((z, j) => z * scale[j] + b[j]);
    },
    backward(dZ) {
      const d = dZ.map((value, j) => value * scale[j]);
      const dX = new Float64Array(n);
      for (let i = 0; i < n; i += 1) {
        for (let j = 0; j < m; j += 1) dX[i] += d[j] * whole[i * m + j];
      }
      return dX;
    },
  };
}

function Conv2d({ kernel_size: k, stride = 1, padding: p = 0, ...packed }, [channels, H, W]) {
  const { whole, scale, b } = unpacked(packed);
  const [high, wide] = [H + 2 * p, W + 2 * p]; // with the padding
  const [rows, columns] = [high, wide].map((n) => Math.floor((n - k) / stride) + 1);
  const size = b.length * rows * columns;
  // Each weight meets a row of the picture for each row of its map: where the two begin.
  function meet(call) {
    let i = 0;
    for (let o = 0; o < b.length; o += 1) {
      for (let c = 0; c < channels; c += 1) {
        for (let u = 0; u < k; u += 1) {
          for (let v = 0; v < k; v += 1, i += 1) {
            for (let row = 0; row < rows; row += 1) {
              call(whole[i], (o * rows + row) * columns, (c * high + row * stride + u) * wide + v);
            }
          }
        }
      }
    }
  }
  const inside = (x) => {
    const [c, row, column] = [Math.floor(x / (H * W)), Math.floor(x / W) % H, x % W];
    return (c * high + row + p) * wide + column + p;
  };
  const unit = (z) => Math.floor(z / (rows * columns));
  return {
    shape: [b.length, rows, columns],
    forward(X) {
      const sheet = new Float64Array(channels * high * wide);
      X.forEach((value, x) => (sheet[inside(x)] = value));
      const Z = new Float64Array(size);
      meet((w, z, x) => {
        for (let n = 0; n < columns; n += 1) Z[z + n] += w * sheet[x + n * stride];
      });
      return Z.map((value, z) => value * scale[unit(z)] + b[unit(z)]);
    },
    backward(dZ) {
      const sheet = new Float64Array(channels * high * wide);
      const d = dZ.map((value, z) => value * scale[unit(z)]);
      meet((w, z, x) => {
        for (let n = 0; n < columns; n += 1) sheet[x + n * stride] += w * d[z + n];
      });
      return new Float64Array(channels * H * W).map((_, x) => sheet[inside(x)]);
    },
  };
}

function MaxPool2d({ kernel_size: k, stride = k }, [channels, H, W]) {
  const [rows, columns] = [H, W].map((n) => Math.floor((n - k) / stride) + 1);
  const size = channels * rows * columns;
  let from;
  return {
    shape: [channels, rows, columns],
    forward(X) {
      from = Array.from({ length: size }, (_, i) => {
        const [c, row, column] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns];
        let largest = (c * H + row * stride) * W + column * stride;
        for (let u = 0; u < k; u += 1) {
          for (let v = 0; v < k; v += 1) {
            const x = (c * H + row * stride + u) * W + column * stride + v;
            if (X[x] > X[largest]) largest = x; // the first one where several are
          }
        }
        return largest;
      });
      return Float64Array.from(from, (x) => X[x]);
    },
    backward(dA) {
      const dX = new Float64Array(channels * H * W);
      from.forEach((x, i) => (dX[x] += dA[i]));
      return dX;
    },
  };
}

function unpacked({ bits, W, scale, b }) {
  const Kind = bits === 8 ? Int8Array : Int16Array;
  return { whole: numbers(W, Kind), scale: numbers(scale, Float32Array), b: numbers(b, Float32Array) };
}

function numbers(text, Kind) {
  return new Kind(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
}
