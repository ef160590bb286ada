"""What an eye sees at once on a screen and no status code tells; each answer is empty when all is well."""

import re

from playwright.sync_api import Page

#: Lower than this a thumb misses, in CSS pixels.
THUMB = 40
#: Words that stay as they are: names, formats, and what was typed in the test itself.
NAMES = frozenset(
    {"PDF", "ZIP", "JSON", "Excel", "Facebook", "YouTube", "IT", "API", "SHA", "KB", "Wagtail", "One", "Page", "RSS"}
)

_SEEN = """const seen = element => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden'
        && !element.closest('[hidden], [inert], [aria-hidden=true], .w-sr-only');
};
const main = document.querySelector('#main') || document.body;"""

#: Wagtail cuts off what is wider than its `main`: the width of the document never tells.
_BEYOND = """() => {%s
    const slides = element => {
        for (let box = element.parentElement; box && box !== main; box = box.parentElement)
            if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(box).overflowX)) return true;
        return false;
    };
    return [...main.querySelectorAll('*')].filter(element => seen(element) && !slides(element)
        && !element.closest('aside, .w-field__comment-button')
        && element.getBoundingClientRect().right > innerWidth + 1).map(element => element.outerHTML.slice(0, 120));
}"""

_LOW = """height => {%s
    const target = element => element.matches('input') && element.closest('label') || element;
    return [...main.querySelectorAll('a[href], button, summary, select, input:not([type=hidden])')]
        .filter(element => seen(element) && !element.closest('.w-slim-header, [data-controller~=w-breadcrumbs]'))
        .filter(element => target(element).getBoundingClientRect().height < height)
        .map(element => element.outerHTML.slice(0, 120));
}"""

_NAMELESS = """() => {%s
    return [...main.querySelectorAll('input:not([type=hidden]), select, textarea')].filter(element => seen(element)
        && !element.labels.length
        && !['aria-label', 'aria-labelledby', 'title'].some(name => element.getAttribute(name)))
        .map(element => element.outerHTML.slice(0, 120));
}"""

_WORDS = """() => {%s
    const said = [...main.querySelectorAll('*')].filter(seen)
        .flatMap(element => ['placeholder', 'title', 'aria-label'].map(name => element.getAttribute(name) || ''));
    return [main.innerText, ...said].join('\\n');
}"""


def beyond_the_edge(page: Page) -> list[str]:
    """Elements that reach over the right edge and cannot be slid into view."""
    return page.evaluate(_BEYOND % _SEEN)


def too_low(page: Page) -> list[str]:
    """Links, buttons and boxes that a thumb misses."""
    return page.evaluate(_LOW % _SEEN, THUMB)


def nameless(page: Page) -> list[str]:
    """Fields that a screen reader cannot name."""
    return page.evaluate(_NAMELESS % _SEEN)


def foreign_words(page: Page, *, names: frozenset[str] = frozenset()) -> list[str]:
    """English words and years of the Common Era that a person reads or hears on this screen."""
    text = page.evaluate(_WORDS % _SEEN)
    words = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\S+(?:://|@)\S+", "", text))) - NAMES - names
    return sorted(words) + sorted(set(re.findall(r"\b20[12]\d\b", text)))
