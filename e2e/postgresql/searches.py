"""Random full-text searches in English."""

from samples import STOP_WORDS, WORDS

# The function of PostgreSQL that each operator stands for.
FUNCTIONS = {
    "fts": "to_tsquery",
    "plfts": "plainto_tsquery",
    "phfts": "phraseto_tsquery",
    "wfts": "websearch_to_tsquery",
}


def operand(chance, operator):
    """An operand, and the listed differences that the search may show. `chance` is a random.Random."""
    if operator == "fts":
        return terms(chance), set()
    words = [word(chance) for _ in range(chance.randint(1, 4))]
    if operator == "wfts":
        return web(chance, words), set()
    said = [number for number, word in enumerate(words) if word not in STOP_WORDS]
    # In the place of a stop word between two others, PostgreSQL takes any word.
    inner = operator == "phfts" and said and len(said) <= said[-1] - said[0]
    return " ".join(words), {"stop-word-places"} if inner else set()


def word(chance):
    return chance.choice(WORDS if chance.random() < 0.7 else STOP_WORDS)


def web(chance, words):
    """As people type it: phrases, `or`, and `-` before what must not be there."""
    terms = [f'"{one} {word(chance)}"' if chance.random() < 0.2 else one for one in words]
    terms = [("-" if chance.random() < 0.2 else "") + term for term in terms]
    return chance.choice([" ", " or "]).join(terms)


def terms(chance, depth=0):
    """A `tsquery`."""
    if depth == 3 or chance.random() < 0.45:
        return word(chance) + (":*" if chance.random() < 0.15 else "")
    if chance.random() < 0.2:
        return f"!({terms(chance, depth + 1)})"
    return f"({terms(chance, depth + 1)} {chance.choice('&|')} {terms(chance, depth + 1)})"
