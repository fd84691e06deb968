// Goes on to the service when every frame has loaded, or when one takes too long.
const on = () => location.replace(document.querySelector("a[data-on]").href);
addEventListener("load", on);
setTimeout(on, 5000);
