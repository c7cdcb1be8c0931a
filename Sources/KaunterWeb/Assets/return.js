// Takes the payer back to the shop a moment after the outcome was shown, and says so. Without this
// script the button does the same. Who came here by the browser's Back button wants to stay.
const back = document.querySelector("[data-return]");
const [arrival] = performance.getEntriesByType("navigation");
if (back && arrival?.type !== "back_forward") {
  document.querySelector(".soon").textContent = "Taking you back to the shop…";
  setTimeout(() => (back.tagName === "FORM" ? back.requestSubmit() : back.click()), 4000);
}
