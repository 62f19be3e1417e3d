/**
 * Solve a proof of work, by ALTCHA's protocol (PoW v2, SHA-256): count up until the digest of salt,
 * nonce and counter begins as the challenge says.
 *
 * In slices on the page's own thread, not in a worker: pages of other people load this script, and a
 * Content-Security-Policy of theirs may forbid workers of another origin. Nor by SubtleCrypto, which
 * pages without HTTPS lack.
 */
const SLICE = 6; // milliseconds of counting until the page has its turn
const BATCH = 200; // digests between two looks at the clock

const primes = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
/** The first 32 bits behind the point of a root, of which SHA-256 has its constants. */
const bits = (n, root) => (n ** (1 / root) % 1) * 2 ** 32;
const ROUNDS = Int32Array.from(primes, (prime) => bits(prime, 3));
const START = Int32Array.from(primes.slice(0, 8), (prime) => bits(prime, 2));

const words = (hex) => hex.match(/.{8}/g).map((word) => parseInt(word, 16));
const hex = (digest) => [...digest].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
const turn = (word, by) => (word >>> by) | (word << (32 - by));

/**
 * Return SHA-256 of one block, whose 16 words `w` begins with; it has place for 64. The array that is
 * returned is used again. No destructuring here: some browsers would make an array each time.
 */
const digest = new Int32Array(8);
function sha256(w) {
  for (let i = 16; i < 64; i += 1) {
    const early = w[i - 15];
    const late = w[i - 2];
    w[i] = w[i - 16] + (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)) + w[i - 7] + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10));
  }
  digest.set(START);
  let a = START[0], b = START[1], c = START[2], d = START[3], e = START[4], f = START[5], g = START[6], h = START[7];
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  digest[0] += a;
  digest[1] += b;
  digest[2] += c;
  digest[3] += d;
  digest[4] += e;
  digest[5] += f;
  digest[6] += g;
  digest[7] += h;
  return digest;
}

/** Let the page do what it has to do: draw, and take what is typed. Timers wait longer where a page is not seen. */
const { port1, port2 } = new MessageChannel();
const waiting = [];
port1.onmessage = () => waiting.shift()();
const turnOfPage = () => new Promise((done) => (waiting.push(done), port2.postMessage(0)));

/** Return what is sent back for a challenge; null where `signal` ended it before. */
export async function solve(challenge, signal) {
  const { salt, nonce, keyPrefix } = challenge.parameters;
  const prefix = words(keyPrefix)[0] | 0;
  const block = new Int32Array(64);
  // Salt and nonce of 16 bytes each, the counter, and the padding of 36 bytes.
  block.set([...words(salt + nonce), 0, 0x80000000]);
  block[15] = 36 * 8;
  for (let counter = 0; !signal.aborted; await turnOfPage()) {
    for (const end = performance.now() + SLICE; performance.now() < end; ) {
      for (let i = 0; i < BATCH; i += 1, counter += 1) {
        block[8] = counter;
        if (sha256(block)[0] !== prefix || !hex(digest).startsWith(keyPrefix)) continue;
        return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey: hex(digest) } }));
      }
    }
  }
  return null;
}
