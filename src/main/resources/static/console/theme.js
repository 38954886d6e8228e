// Applies the chosen theme: here before anything is painted, and from main.js after a choice.
function applyTheme() {
  const { dataset } = document.documentElement;
  dataset.theme = localStorage.getItem('backprop.theme') ?? '';
  dataset.theme || delete dataset.theme; // then the theme is that of the system
}
applyTheme();
