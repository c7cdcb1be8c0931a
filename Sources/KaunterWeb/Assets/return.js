// Takes the payer back to the shop a moment after the outcome was shown, and says so. Without this
// script the button does the same. Who comes here again by the browser's Back button may stay.
const back = document.querySelector("[data-return]");
const [arrival] = performance.getEntriesByType("navigation");
if (back && arrival?.type !== "back_forward") {
  const soon = document.querySelector(".soon");
  soon.textContent = "Taking you back to the shop…";
  const leave = () => (back.tagName === "FORM" ? back.requestSubmit() : back.click());
  const timer = setTimeout(leave, 4000);
  // A browser may keep the page as it is, and show it again.
  addEventListener("pagehide", () => {
    clearTimeout(timer);
    soon.textContent = "";
  });
}
