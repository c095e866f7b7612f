// Tickets at the door: reads a code, checks its signature on this device, and says what it is. Nothing is sent.
// What a code is made of stands at the head of events/registration/documents/signing.py.
const facts = JSON.parse(document.getElementById('facts').textContent);
const byId = (id) => document.getElementById(id);
const field = byId('code');
const date = byId('date');
const PREFIX = 'HUMUS:';
const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const [HEAD, SIGNATURE, LONGEST] = [43, 64, 400];
const EPOCH = Date.UTC(2000, 0, 1);

class Damaged extends Error {}

const bytesOf = (text) => {
  const plain = text.replace(/\s+/g, '').toUpperCase();
  if (!plain.startsWith(PREFIX) || plain.length > LONGEST) throw new Damaged();
  const said = plain.slice(PREFIX.length);
  if ([1, 3, 6].includes(said.length % 8)) throw new Damaged();
  const bytes = new Uint8Array(Math.floor(said.length * 5 / 8));
  let [held, bits, at] = [0, 0, 0];
  for (const sign of said) {
    const value = SIGNS.indexOf(sign);
    if (value < 0) throw new Damaged();
    held = (held << 5 | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = held >> bits & 0xff;
      at += 1;
    }
  }
  return bytes;
};
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

const read = (bytes) => {
  if (bytes.length < HEAD + 2 + SIGNATURE || bytes[0] !== 1) throw new Damaged();
  const view = new DataView(bytes.buffer);
  const words = new TextDecoder('utf-8', { fatal: true });
  let at = HEAD;
  const text = () => {
    const end = at + 1 + bytes[at];
    if (end > bytes.length) throw new Damaged();
    try {
      const said = words.decode(bytes.subarray(at + 1, end));
      at = end;
      return said;
    } catch { throw new Damaged(); }
  };
  const claim = {
    key: hex(bytes.subarray(1, 5)),
    event: hex(bytes.subarray(5, 21)),
    minutes: view.getUint32(39),
    ticket: text(),
    name: text(),
  };
  if (at + SIGNATURE !== bytes.length) throw new Damaged();
  return claim;
};

const isSigned = async (bytes, key) => {
  const known = await crypto.subtle.importKey('raw', unhex(key), { name: 'Ed25519' }, false, ['verify']);
  const end = bytes.length - SIGNATURE;
  return crypto.subtle.verify({ name: 'Ed25519' }, known, bytes.subarray(end), bytes.subarray(0, end));
};

const judged = async (text) => {
  let bytes, claim;
  try {
    bytes = bytesOf(text);
    claim = read(bytes);
  } catch (error) {
    if (error instanceof Damaged) return ['damaged'];
    throw error;
  }
  const key = facts.keys[claim.key];
  if (!key) return ['forged', null, true];
  try {
    if (!await isSigned(bytes, key)) return ['forged'];
  } catch { return ['old']; }
  if (claim.event !== facts.event) return ['other', claim];
  const wanted = date?.value;
  return [wanted && claim.minutes && String(claim.minutes) !== wanted ? 'date' : 'genuine', claim];
};

const dayOf = (minutes) => new Intl.DateTimeFormat(facts.language, {
  dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC',
}).format(new Date(EPOCH + minutes * 60000));

const show = ([verdict, claim, unknown]) => {
  for (const one of document.querySelectorAll('[data-verdict]')) one.hidden = one.dataset.verdict !== verdict;
  document.querySelector('[data-if-unknown]').hidden = !unknown;
  byId('told').hidden = !claim;
  if (claim) {
    const own = claim.event === facts.event;
    const told = {
      name: claim.name,
      ticket: (own && facts.tickets[claim.ticket]) || claim.ticket,
      event: own ? facts.title : facts.others[claim.event] || document.querySelector('[data-told=event]').dataset.unknown,
      date: claim.minutes ? facts.dates[claim.minutes] || dayOf(claim.minutes) : own ? facts.when : '',
    };
    for (const [name, text] of Object.entries(told)) {
      const place = document.querySelector(`[data-told=${name}]`);
      place.textContent = text;
      place.parentElement.hidden = !text;
    }
  }
  sound(verdict === 'genuine');
};

let player;
const sound = (good) => {
  if (!byId('sound').checked) return;
  player ||= new AudioContext();
  const tone = player.createOscillator();
  tone.frequency.value = good ? 880 : 196;
  tone.connect(player.destination);
  tone.start();
  tone.stop(player.currentTime + (good ? 0.12 : 0.5));
};

const check = async (text) => {
  show(await judged(text));
  byId('ask').href = `${byId('ask').href.split('#')[0]}#${encodeURIComponent(text.trim())}`;
};
byId('check').addEventListener('submit', (event) => {
  event.preventDefault();
  if (field.value.trim()) check(field.value);
  field.value = '';  // the next one is scanned at once
  field.focus();
});

// The date that is nearest to today at first.
const nearest = () => {
  const now = Date.now();
  const far = (option) => Math.abs(Date.parse(option.dataset.day) - now);
  const days = Array.from(date.options).filter((option) => option.dataset.day);
  if (days.length) date.value = days.reduce((best, one) => (far(one) < far(best) ? one : best)).value;
};
if (date) nearest();

// The camera, where the browser itself reads codes.
let stream, last = '', lastAt = 0;
const stop = () => {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  byId('seen').hidden = true;
};
const look = async (detector) => {
  if (!stream) return;
  const [found] = await detector.detect(byId('seen')).catch(() => []);
  if (found && (found.rawValue !== last || Date.now() - lastAt > 4000)) {
    [last, lastAt] = [found.rawValue, Date.now()];
    await check(found.rawValue);
  }
  setTimeout(look, 150, detector);
};
const camera = byId('camera');
const start = async () => {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch {
    byId('camera-refused').hidden = false;
    return;
  }
  byId('camera-refused').hidden = true;
  byId('seen').srcObject = stream;
  byId('seen').hidden = false;
  await byId('seen').play();
  last = '';
  look(new BarcodeDetector({ formats: ['qr_code'] }));
};
const reads = 'BarcodeDetector' in window && navigator.mediaDevices
  && (await BarcodeDetector.getSupportedFormats().catch(() => [])).includes('qr_code');
camera.hidden = !reads;
byId('no-camera').hidden = reads;
const use = camera.textContent;
camera.addEventListener('click', async () => {
  if (stream) stop(); else await start();
  camera.textContent = stream ? camera.dataset.stop : use;
});

// Kept on the device: the page and all that it is made of.
const keep = async () => {
  await navigator.serviceWorker.register(document.body.dataset.worker);
  await navigator.serviceWorker.ready;
  const cache = await caches.open('tickets-at-the-door');
  const parts = document.querySelectorAll('link[rel=stylesheet],link[rel=icon],script[src]');
  const own = Array.from(parts, (part) => part.href || part.src);
  await cache.addAll([location.href.split('#')[0], ...own]);
  const rest = performance.getEntriesByType('resource').map((one) => one.name);
  const more = rest.filter((url) => url.startsWith(location.origin) && !own.includes(url) && !url.endsWith('.js'));
  await Promise.allSettled(more.map((url) => cache.add(url)));
};
const kept = byId('kept');
const isKept = async () => Boolean(await caches.match(location.href.split('#')[0], { ignoreVary: true }));
try {
  if (navigator.onLine) await keep();
} catch { /* without the network now; what was kept before stays */ }
if ('caches' in window && navigator.serviceWorker?.controller !== undefined && await isKept()) {
  kept.textContent = kept.dataset.kept;
  kept.classList.add('is-kept');
}
