// Sends photographs to the service and shows its answers. All text is set as text: nothing of an answer or a name is read as HTML.

// The service gathers requests; one at a time would leave its cores idle.
const mostAtWork = 4;

// What a photograph of nothing passes for less often than that is written by its power of ten.
const smallestPlain = 0.001;

// Rows of a list that are seen without being asked for.
const mostUnfolded = 5;

const svg = 'http://www.w3.org/2000/svg';
const byId = id => document.getElementById(id);
const photographs = new Set();
const waiting = [];
let atWork = 0;
let pause = null;

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, value);
  element.append(...children.filter(child => child !== null));
  return element;
}

// A name as a page may show it: what would turn the direction of writing, or hide, is written as its number.
function visible(name) {
  return name.replace(/(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffd]/gu,
    c => `\\u${c.codePointAt(0).toString(16).padStart(4, '0')}`);
}

const isolated = name => make('bdi', {}, visible(name));
// What is no number has come as its name.
const signed = number => Number(number).toFixed(3).replace('-', '\u2212');
const percent = share => `${Number((share * 100).toPrecision(2))}\u00a0%`;
const probability = p => p === 0 || p >= smallestPlain ? `${Number(p.toFixed(3))}` : p.toExponential(1);

// What it says stands beside it as text. Rectangles: kind, start and end, from 0 to 1.
function bar(...rectangles) {
  const drawing = document.createElementNS(svg, 'svg');
  for (const [name, value] of Object.entries({ class: 'bar', viewBox: '0 0 1 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' }))
    drawing.setAttribute(name, value);
  for (const [kind, start, end] of [['ground', 0, 1], ...rectangles]) {
    const [from, to] = [start, end].map(place => Math.min(Math.max(place, 0), 1));
    const rectangle = document.createElementNS(svg, 'rect');
    for (const [name, value] of Object.entries({ class: kind, x: from, width: to - from, height: 1 }))
      rectangle.setAttribute(name, value);
    drawing.append(rectangle);
  }
  return drawing;
}

// What is a long list begins with its first rows alone.
function fold(title, kind, rows) {
  const list = (shown, start = 1) => make('ol', { class: `rows ${kind}`, start }, ...shown);
  const [first, others] = [rows.slice(0, mostUnfolded), rows.slice(mostUnfolded)];
  return rows.length === 0 ? null : make('details', { open: '' }, make('summary', {}, title), list(first),
    others.length === 0 ? null : make('details', {}, make('summary', {}, `${others.length} more`), list(others, first.length + 1)));
}

// Sums of votes may pass 1; the best of few votes must not look sure.
function topRows(answer) {
  const whole = Math.max(1, answer.top[0]?.score);
  return answer.top.map(({ landmark, name, score }) => make('li', { class: landmark === answer.landmark ? 'for' : 'against' },
    make('p', { class: 'split' }, isolated(name), make('b', {}, signed(score))), bar(['vote', 0, score / whole])));
}

function neighborRows(answer) {
  const nameOf = new Map([[answer.landmark, answer.name], ...answer.top.map(({ landmark, name }) => [landmark, name])]);
  return answer.neighbors.map(({ id, landmark, similarity, penalty, score }) =>
    make('li', { class: landmark === answer.landmark ? 'for' : 'against' },
      make('p', {}, make('b', {}, isolated(nameOf.get(landmark) ?? landmark)), ' ', make('span', { class: 'id' }, isolated(id))),
      bar(['vote', 0, Math.min(score, similarity)], ['penalty', Math.min(score, similarity), Math.max(score, similarity)]),
      make('p', { class: 'sum' }, `${signed(similarity)} \u2212 ${signed(penalty)} = `, make('b', {}, signed(score)))));
}

function likeRows(answer) {
  return answer.nonLandmarkNeighbors.map(({ id, similarity }) => make('li', { class: 'none' },
    make('p', { class: 'split id' }, isolated(id), make('b', {}, signed(similarity))), bar(['likeness', 0, similarity])));
}

function chance(title, p, what, most) {
  return p === null ? null : make('div', { class: 'probability' }, make('p', {}, `${title} `, make('b', {}, probability(p)),
    `: ${percent(p)} of photographs of ${what} are answered as surely as this one.`,
    most === null ? '' : ` The service names landmarks up to ${percent(most)}.`));
}

// A photograph, its card on the page, and its way to the service and back.
class Photograph {
  constructor(file) {
    this.file = file;
    this.name = visible(file.name);
    this.isDone = false;
    this.cancellation = new AbortController();
    this.picture = make('div', {});
    this.status = make('div', { class: 'answer' });
    this.reasons = make('div', {});
    this.removal = make('button', { type: 'button', 'aria-label': `Remove ${this.name}` }, 'Remove');
    this.removal.addEventListener('click', () => this.remove());
    const title = make('h3', { class: 'file' }, isolated(file.name));
    const named = make('div', { class: 'named' }, title, this.removal);
    this.card = make('li', {}, make('article', { class: 'card', 'aria-label': this.name },
      make('header', {}, this.picture, make('div', { class: 'answer' }, named, this.status)), this.reasons));
  }

  show(kind, badge, ...more) {
    this.status.replaceChildren(make('p', { class: `badge ${kind}` }, badge), ...more.filter(element => element !== null));
  }

  // The picture is the file itself; of a kind that the browser can't show the service may know more.
  showPicture() {
    this.address = URL.createObjectURL(this.file);
    const alt = `Photograph ${this.name}`;
    const picture = make('img', { class: 'side-160', width: 160, height: 160, alt, loading: 'lazy', decoding: 'async' });
    picture.addEventListener('error', () => picture.replaceWith(make('span',
      { class: 'no-picture side-160', role: 'img', 'aria-label': `${alt}, which this browser can\u2019t show` }, 'no picture')));
    picture.src = this.address;
    this.picture.append(picture);
  }

  wait() {
    this.isDone = false;
    this.show('plain', 'Waiting');
    waiting.push(this);
  }

  async send() {
    this.show('plain', 'At work');
    const form = new FormData();
    form.append('photograph', this.file);
    const start = performance.now();
    let response, body;
    try {
      response = await fetch('recognize?explain=true', { method: 'POST', body: form, signal: this.cancellation.signal });
      // A proxy before the service may answer in its own words.
      const isJson = /[/+]json\b/.test(response.headers.get('Content-Type'));
      body = isJson ? await response.json() : { detail: `What answers is not the service: ${response.status} ${response.statusText}` };
    } catch {
      if (!this.cancellation.signal.aborted)
        this.fail('No answer came. The service can\u2019t be reached, or the file has changed or is far too large.', true);
      return;
    }
    if (response.status === 429 || response.status === 503) {
      this.show('plain', 'Waiting');
      waiting.unshift(this);
      const reason = response.status === 429 ? 'The service has no room for more photographs.' : 'The service is not ready.';
      rest(reason, Number(response.headers.get('Retry-After')) || 1);
    } else if (!response.ok)
      this.fail(body.detail ?? body.title, response.status >= 500);
    else if (body[0].error !== null)
      this.fail(body[0].error, false);
    else
      this.answer(body[0], (performance.now() - start) / 1000, response.headers);
  }

  answer(answer, seconds, headers) {
    if (answer.score === null)
      return this.fail('The network makes zeros of it, or no finite numbers.', false);
    const guess = [make('bdi', {}, visible(answer.name ?? answer.landmark)), ' '];
    const score = `score ${signed(answer.score)}`;
    const verdict = answer.isLandmark === false
      ? [make('span', { class: 'figure' }, 'Best guess ', ...guess, score)]
      : [make('strong', {}, ...guess), make('span', { class: 'figure' }, score)];
    const [kind, badge] = answer.isLandmark === null ? ['plain', 'Best guess']
      : answer.isLandmark ? ['good', 'Landmark'] : ['plain', 'No landmark'];
    this.show(kind, badge, make('p', { class: 'verdict' }, ...verdict),
      chance('False-alarm probability', answer.falseAlarmProbability, 'no landmark', headers.get('Landmarks-False-Alarms')),
      chance('Unknown-landmark probability', answer.unknownLandmarkProbability, 'landmarks that the model does not know', null),
      make('p', { class: 'figure' }, `${seconds.toFixed(2)} s, model ${headers.get('Landmarks-Model')}`));
    const likeness = answer.queryPenalty === null ? '' : `; penalty ${signed(answer.queryPenalty)}`;
    this.reasons.replaceChildren(...[
      fold('The best landmarks, by their votes', 'top', topRows(answer)),
      fold('The training photographs that voted: cosine \u2212 penalty = vote', 'neighbors', neighborRows(answer)),
      fold(`Photographs of no landmark that are alike, by their cosine${likeness}`, 'alike', likeRows(answer)),
    ].filter(element => element !== null));
    const said = answer.isLandmark === false ? `no landmark, best guess ${answer.name ?? answer.landmark}` : answer.name ?? answer.landmark;
    this.end(`${visible(said)}.`);
  }

  fail(reason, mayTryAgain) {
    const again = make('button', { type: 'button', 'aria-label': `Try ${this.name} again` }, 'Try again');
    again.addEventListener('click', () => {
      this.wait();
      this.removal.focus();
      work();
    });
    this.show('bad', 'No answer', make('p', { class: 'reason' }, visible(reason)), mayTryAgain ? again : null);
    this.end(`no answer. ${visible(reason)}`);
  }

  end(said) {
    this.isDone = true;
    say(`${this.name}: ${said}`);
  }

  remove() {
    const next = this.card.nextElementSibling ?? this.card.previousElementSibling;
    this.cancellation.abort();
    URL.revokeObjectURL(this.address);
    photographs.delete(this);
    if (waiting.includes(this))
      waiting.splice(waiting.indexOf(this), 1);
    this.card.remove();
    (next?.querySelector('.named button') ?? byId('choose')).focus();
    work();
  }
}

// For who does not see the cards.
function say(text) {
  const log = byId('log');
  log.append(make('p', {}, text));
  while (log.children.length > 20)
    log.firstChild.remove();
}

function rest(reason, seconds) {
  const end = Math.max(pause?.end ?? 0, performance.now() + 1000 * seconds);
  if (pause === null)
    say(`${reason} Asks again in ${seconds} s.`);
  clearInterval(pause?.timer);
  pause = { reason, end, timer: setInterval(work, 200) };
}

// Sends what may be sent, and tells how far it is.
function work() {
  if (pause !== null && (waiting.length === 0 || performance.now() >= pause.end)) {
    clearInterval(pause.timer);
    pause = null;
  }
  while (pause === null && atWork < mostAtWork && waiting.length > 0)
    sendNext();
  byId('pause').hidden = pause === null;
  if (pause !== null)
    byId('pause').textContent = `${pause.reason} Asks again in ${Math.ceil((pause.end - performance.now()) / 1000)} s.`;
  byId('answers').hidden = photographs.size === 0;
  byId('progress').textContent = `${[...photographs].filter(photograph => photograph.isDone).length} of ${photographs.size}`;
}

async function sendNext() {
  const photograph = waiting.shift();
  atWork++;
  try {
    await photograph.send();
  } finally {
    atWork--;
    work();
  }
}

// The newest come first, in the order in which they were given.
function add(files, folders = []) {
  const added = files.map(file => new Photograph(file));
  byId('cards').prepend(...added.map(photograph => photograph.card));
  for (const photograph of added) {
    photographs.add(photograph);
    if (folders.includes(photograph.file.name))
      photograph.fail('This is a folder. Drop the photographs in it.', false);
    else {
      photograph.showPicture();
      photograph.wait();
    }
  }
  work();
}

byId('choose').addEventListener('click', () => byId('files').click());

byId('files').addEventListener('change', event => {
  add([...event.target.files]);
  // The same files may be chosen again.
  event.target.value = '';
});

byId('remove-all').addEventListener('click', () => {
  waiting.length = 0;
  photographs.forEach(photograph => photograph.remove());
});

addEventListener('paste', event => add([...event.clipboardData.files]));

addEventListener('dragover', event => {
  event.preventDefault();
  document.body.classList.add('dropping');
});

addEventListener('dragleave', event => {
  if (event.relatedTarget === null)
    document.body.classList.remove('dropping');
});

addEventListener('drop', event => {
  event.preventDefault();
  document.body.classList.remove('dropping');
  const folders = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry()).filter(entry => entry?.isDirectory);
  add([...event.dataTransfer.files], folders.map(folder => folder.name));
});
