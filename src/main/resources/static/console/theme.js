// The theme that was chosen, before anything is painted.
const theme = localStorage.getItem('backprop.theme');
if (theme) {
  document.documentElement.dataset.theme = theme;
}
