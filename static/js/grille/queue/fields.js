/* The controls of one CE, read and written as one value, in the words of the API. */

const TEXTS = { comment: "comment", private_note: "note", questions: "questions" };

export const TEXT_FIELDS = Object.keys(TEXTS);
export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** {read(), write(value), text(field)} over the controls of `fieldset`; a control the page has not is left out. */
export function fieldsOf(fieldset) {
  const id = fieldset.dataset.critere;
  const all = (name) => [...fieldset.querySelectorAll(`[name="${name}-${id}"]`)];
  const one = (name) => all(name)[0] ?? null;
  const radios = all("verdict");
  const ticks = all("tick");
  const counted = one("counted");
  const ask = one("ask");
  const texts = TEXT_FIELDS.map((field) => [field, one(TEXTS[field])]).filter(([, control]) => control);

  return {
    text: (field) => one(TEXTS[field]),
    read: () => ({
      verdict: radios.find((radio) => radio.checked)?.value ?? "",
      ...Object.fromEntries(texts.map(([field, control]) => [field, control.value])),
      ticks: ticks.filter((tick) => tick.checked).map((tick) => Number(tick.value)).sort((a, b) => a - b),
      counted: counted?.value ? Math.trunc(Number(counted.value)) : null,
      to_ask: ask?.checked ?? false,
    }),
    write: (value) => {
      for (const radio of radios) radio.checked = radio.value === value.verdict;
      for (const [field, control] of texts) {
        const text = value[field] ?? "";
        if (control.value !== text) control.value = text; // leaves the caret where it is when nothing changes
        if (text) control.closest("details")?.setAttribute("open", "");
      }
      for (const tick of ticks) tick.checked = (value.ticks ?? []).includes(Number(tick.value));
      if (counted) counted.value = value.counted ?? "";
      if (ask) ask.checked = value.to_ask ?? false;
    },
  };
}
