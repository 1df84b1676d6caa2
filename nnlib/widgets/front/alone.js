// What stands in for the kernel on an exported page: it makes the pixels of the strokes and lets the
// networks that are in the page read them. Painting in nnlib/widgets/canvas.py does the same.

export function alone({ networks, ...held }) {
  const readers = networks.map((layers) => networkOf(layers, held.side));
  const state = {
    ...held,
    question: { number: 0, strokes: [], shift: 0 },
    answered: 0,
    pixels: new Float64Array(held.side ** 2),
    answers: [],
    reading: NOTHING,
    printed: "",
    fault: "",
  };
  let listener = () => {};
  function answer() {
    const { number, strokes, shift } = state.question;
    state.pixels = moved(pixelsOf(strokes, state.side), shift);
    const painted = state.pixels.some((value) => value);
    state.answers = painted ? readers.map((reader) => reader.read(state.pixels, state.why)) : [];
    const told = state.answers.map(({ probabilities }, i) => `${begun(state.names[i])} reads ${inWords(probabilities)}.`);
    state.reading = painted ? told.join("\n") : NOTHING;
    state.answered = number;
  }
  return {
    get: (name) => state[name],
    set: (name, value) => (state[name] = value),
    on: (_, call) => (listener = call),
    off: () => {},
    save_changes: () =>
      setTimeout(() => {
        // the hand goes on meanwhile
        answer();
        listener();
      }),
  };
}

const NOTHING = "Nothing is painted yet.";

function inWords(P) {
  const [first, second] = [...P.keys()].sort((a, b) => P[b] - P[a]);
  return `${first} (${shareInWords(P[first])}), then ${second} (${shareInWords(P[second])})`;
}

function shareInWords(p) {
  return p > 0.995 ? "over 99%" : p < 0.005 ? "under 1%" : `${Math.round(100 * p)}%`;
}
