// Takes the payer back to the shop a moment after the outcome was shown. Without this script the
// button does the same.
const back = document.querySelector("[data-return]");
if (back) {
  setTimeout(() => (back.tagName === "FORM" ? back.requestSubmit() : back.click()), 4000);
}
