// The chair's keys and the rotation. Keys are caught before any widget sees them, so a clicker works whatever has the
// focus; only a text that is being written keeps its own keys.
const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
const QUIET = 10000; // milliseconds after a key in which nothing turns by itself

export default function ({ data, parentElement, setTriggerValue }) {
  const run = (parentElement.run ??= { paused: false, pressed: 0, wanted: null });
  run.stop?.(); // every change of the data calls this function again, beside what the call before has set up
  const find = name => parentElement.querySelector(`[data-name=${name}]`);
  if (run.wanted === null || data.slides[data.at] === run.wanted || Date.now() - run.pressed > QUIET) {
    run.at = data.at;
    run.wanted = null;
  }

  const show = index => {
    const at = Math.min(Math.max(index, 0), data.slides.length - 1);
    if (at === run.at) return;
    run.at = at;
    run.wanted = data.slides[at];
    setTriggerValue('slide', run.wanted);
    draw();
  };
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  const pause = () => { run.paused = !run.paused; draw(); };
  const leave = () => window.location.assign(data.exit);

  const draw = () => {
    find('place').textContent = `${run.at + 1}／${data.slides.length}`;
    find('back').disabled = run.at === 0;
    find('next').disabled = run.at === data.slides.length - 1;
    find('pause').textContent = run.paused ? '继续 P' : '暂停 P';
    find('pause').hidden = !data.every;
    find('every').value = String(data.every);
    clearTimeout(run.timer);
    if (data.every && !run.paused) run.timer = setTimeout(turn, data.every * 1000);
  };
  const turn = () => {
    const rest = run.pressed + QUIET - Date.now();
    if (rest > 0 || writing(document.activeElement) || opened()) {
      run.timer = setTimeout(turn, Math.max(rest, 1000));
      return;
    }
    show(run.at + 1 < data.slides.length ? run.at + 1 : 0);
    draw();
  };

  const press = event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const act = action(event);
    if (!act) return;
    run.pressed = Date.now();
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) act();
  };
  const action = event => {
    const field = event.composedPath()[0];
    const text = writing(field);
    const filled = text && (field.value ?? field.textContent) !== '';
    const key = event.key;
    if (key in STEPS && !(filled && key.startsWith('Arrow'))) return () => show(run.at + STEPS[key]);
    if (key === 'Escape') return opened() ? null : leave;
    if (filled) return null;
    if (key === 'Home') return () => show(0);
    if (key === 'End') return () => show(data.slides.length - 1);
    if (text) return null;
    return { f: full, F: full, p: pause, P: pause }[key];
  };

  find('back').onclick = () => show(run.at - 1);
  find('next').onclick = () => show(run.at + 1);
  find('full').onclick = full;
  find('pause').onclick = pause;
  find('leave').onclick = leave;
  find('every').onchange = event => setTriggerValue('every', Number(event.target.value));
  window.addEventListener('keydown', press, true);
  draw();
  run.stop = () => {
    clearTimeout(run.timer);
    window.removeEventListener('keydown', press, true);
  };
  return run.stop;
}

// Whether somebody writes in a field; a box to tick or a button is no such field.
function writing(field) {
  if (!field) return false;
  if (field.shadowRoot) return writing(field.shadowRoot.activeElement);
  const boxes = ['button', 'checkbox', 'radio', 'range', 'submit'];
  return field.isContentEditable || field.tagName === 'TEXTAREA' || (field.tagName === 'INPUT' && !boxes.includes(field.type));
}

function opened() {
  return document.querySelector('[data-testid=stPopoverBody]') !== null;
}
