// What of the page is on screen, and the one way to change a text: only where it is another one.
"use strict";

(() => {
  // A little more than the screen: what is scrolled to has its price when it comes.
  const MARGIN = "25% 0px";

  function setText(element, text) {
    const node = element.firstChild;
    if (node?.nodeType === 3 && !node.nextSibling) {
      if (node.data !== text) node.data = text;
    } else if (element.textContent !== text) element.textContent = text;
  }

  // Tells `came(elements)` which of the observed elements came onto the screen, and `changed()` whenever any came or went.
  class Screen {
    #shown = new Map(); // element -> whether it is on screen
    #observer;

    constructor(came, changed) {
      this.#observer = new IntersectionObserver((entries) => {
        const news = new Set();
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting && this.#shown.get(target) === false) news.add(target);
          if (this.#shown.has(target)) this.#shown.set(target, isIntersecting);
        }
        if (news.size) came(news);
        changed();
      }, { rootMargin: MARGIN });
    }

    // Observes exactly these elements; what is new counts as off screen until the browser has looked.
    observe(elements) {
      for (const element of this.#shown.keys()) {
        if (elements.has(element)) continue;
        this.#observer.unobserve(element);
        this.#shown.delete(element);
      }
      for (const element of elements) {
        if (this.#shown.has(element)) continue;
        this.#shown.set(element, false);
        this.#observer.observe(element);
      }
    }

    shows(element) {
      return this.#shown.get(element) === true;
    }
  }

  Object.assign((globalThis.tredye ||= {}), { Screen, setText });
})();
