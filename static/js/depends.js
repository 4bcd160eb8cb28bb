// What one choice allows another. The rules stand in the page as JSON: {"FILING_SUBMIT": {"outcomes": [...], "flags": ["filing"]}}
//   <select data-rule="kinds">            the choice that rules; "kinds" is the id of the JSON block
//   data-allowed                          on the select or chips of outcomes: only those the rule lists stay
//   data-when-outcome="not_done"          shown while the outcome is one of these
//   data-when-flag="filing"               shown while the rule carries this flag
// One row ([data-row]) or the whole form is one scope. The server judges again whatever is sent.
const rules = new Map();

function rulesOf(id) {
  if (!rules.has(id)) rules.set(id, JSON.parse(document.getElementById(id)?.textContent ?? "{}"));
  return rules.get(id);
}

const scopeOf = (node) => node.closest("[data-row]") ?? node.closest("form");

function allow(box, outcomes) {
  for (const choice of box.querySelectorAll("option,input")) {
    const fits = !choice.value || !outcomes || outcomes.includes(choice.value);
    choice.disabled = !fits;
    (choice.closest("label") ?? choice).hidden = !fits;
    if (!fits && choice.checked) choice.checked = false;
    if (!fits && choice.selected) choice.parentElement.value = "";
  }
}

function chosen(box) {
  if (!box) return "";
  return box.matches("select") ? box.value : (box.querySelector(":checked")?.value ?? "");
}

function show(box, shown) {
  box.hidden = !shown;
  for (const field of box.querySelectorAll("input,select,textarea")) field.disabled = !shown;
}

function apply(scope) {
  const ruler = scope.querySelector("[data-rule]");
  if (!ruler) return;
  const rule = rulesOf(ruler.dataset.rule)[ruler.value];
  const outcomes = scope.querySelector("[data-allowed]");
  if (outcomes) allow(outcomes, rule?.outcomes);
  const outcome = chosen(outcomes);
  for (const box of scope.querySelectorAll("[data-when-outcome]")) {
    show(box, box.dataset.whenOutcome.split(" ").includes(outcome));
  }
  for (const box of scope.querySelectorAll("[data-when-flag]")) {
    show(box, Boolean(rule?.flags?.includes(box.dataset.whenFlag)));
  }
}

export function start() {
  for (const ruler of document.querySelectorAll("[data-rule]")) apply(scopeOf(ruler));
  document.addEventListener("change", (event) => {
    const scope = event.target.closest("form") && scopeOf(event.target);
    if (scope) apply(scope);
  });
  document.addEventListener("tdteam:row", (event) => apply(event.target));
}
