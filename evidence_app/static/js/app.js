// What every page has: small conveniences over a page that works without them.
document.documentElement.classList.add("scripted");
