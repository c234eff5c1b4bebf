"""Texts: methods with all their arguments, formats, characters."""


def split_once(s: str) -> list[str]:
    return s.split(" ", 1)


def split_named(s: str) -> list[str]:
    return s.split(sep=",", maxsplit=1)


def split_never(s: str) -> list[str]:
    return s.split(",", 0)


def split_negative(s: str) -> list[str]:
    return s.split(",", -1)


def split_space_once(s: str) -> list[str]:
    return s.split(None, 1)


def split_nothing(s: str) -> list[str]:
    return s.split("")


def split_words(s: str) -> list[str]:
    return s.split()


def split_right(s: str) -> list[str]:
    return s.rsplit(" ", 1)


def lines(s: str) -> list[str]:
    return s.splitlines()


def binary(s: str) -> int:
    return int(s, 2)


def binary_known(n: int) -> int:
    return int("101", 2) + n


def hexadecimal(n: int) -> int:
    return int("zz", 16) + n


def decimal(s: str) -> int:
    return int(s)


def decimal_or(s: str) -> int:
    return int(s) if s.isdigit() else -1


def decimal_caught(s: str) -> int:
    try:
        return int(s)
    except ValueError:
        return -1


def index_from(s: str) -> int:
    return s.index("a", 1)


def find_from(s: str) -> int:
    return s.find("a", 1)


def found(s: str) -> int:
    return s.find("a")


def index_caught(s: str) -> int:
    try:
        return s.index(",")
    except ValueError:
        return len(s)


def counted(s: str) -> int:
    return s.count("aa")


def counted_empty(s: str) -> int:
    return s.count("")


def counted_from(s: str) -> int:
    return s.count("a", 1)


def replaced(s: str) -> str:
    return s.replace("a", "bb")


def replaced_once(s: str) -> str:
    return s.replace("a", "", 1)


def replaced_empty(s: str) -> str:
    return s.replace("", "-", 2)


def replaced_truth(s: str) -> str:
    return s.replace("a", "b", True)


def stripped(s: str) -> str:
    return s.strip()


def stripped_of(s: str) -> str:
    return s.strip("a ")


def stripped_none(s: str) -> str:
    return s.lstrip(None)


def stripped_nothing(s: str) -> str:
    return s.rstrip("")


def starts(s: str) -> bool:
    return s.startswith("a")


def starts_with_any(s: str) -> bool:
    return s.startswith(("a", "b"))


def starts_from(s: str) -> bool:
    return s.startswith("a", 1)


def ends(s: str) -> bool:
    return s.endswith("")


def without_prefix(s: str) -> str:
    return s.removeprefix("a")


def padded(s: str) -> str:
    return s.rjust(3, "-") + s.zfill(2)


def centred(n: int) -> str:
    return "ab".center(6, "*") + "x" * (n > 0)


def joined(words: list[str]) -> str:
    return ", ".join(words)


def joined_numbers(xs: list[int]) -> str:
    return ",".join(xs)


def joined_set(s: str) -> str:
    return "".join(set(s))


def joined_sorted(s: str) -> str:
    return "".join(sorted(s))


def joined_once(s: str) -> str:
    return "".join(dict.fromkeys(s))


def joined_generator(s: str) -> str:
    return "".join(c if c != " " else "_" for c in s)


def titled(s: str) -> str:
    return s.title()


def capital(s: str) -> str:
    return s[:1].upper() + s[1:].lower()


def swapped_case(s: str) -> str:
    return s.swapcase()


def kinds(s: str) -> tuple[bool, bool, bool]:
    return s.isalpha(), s.isalnum(), s.islower()


def sharp(n: int) -> str:
    return "straße".upper() + "İ".lower() + "x" * min(n, 0)


def other_digits(n: int) -> int:
    return int("٣") + n


def beyond_ascii(s: str) -> str:
    return (s + "é").upper()


def compared(s: str, t: str) -> bool:
    return s < t or s == t[::-1]


def in_text(s: str, t: str) -> bool:
    return s in t and "a" not in s


def number_in_text(n: int) -> bool:
    return n in "123"


def plus_number(s: str, n: int) -> str:
    return s + n


def text_times(s: str, n: int) -> str:
    return s * n


def times_text(s: str) -> str:
    return 2 * s


def formatted(s: str) -> str:
    return f"{s}!{len(s)}"


def formatted_repr(s: str) -> str:
    return f"{s!r}"


def formatted_width(s: str) -> str:
    return f"{s:>3}|{len(s):03d}"


def formatted_known(s: str) -> str:
    return f"{len(s):+d} {len(s) > 1} {True:>5} {[len(s)]}"


def formatted_wrong(s: str) -> str:
    return f"{len(s):q}"


def formatted_number(n: int) -> str:
    return f"{n}"


def formatted_percent(s: str) -> str:
    return "%s-%d" % (s, 2)


def formatted_method(s: str) -> str:
    return "{}:{}".format(s, 1)


def formatted_known_method(n: int) -> str:
    return "{:>4}|{!r}".format(7, "a") + "." * (n > 0)


def text_of_list(s: str) -> str:
    return str([len(s), True, None, "a"])


def text_of_set(n: int) -> str:
    return str({1, 2}) + "x" * (n > 0)


def code_points(s: str) -> list[int]:
    return [ord(c) - 97 for c in s]


def code_of_text(s: str) -> int:
    return ord(s)


def character(n: int) -> str:
    return chr(n)


def shifted(n: int, s: str) -> str:
    return "".join(chr((ord(c) - 97 + n) % 26 + 97) if "a" <= c <= "z" else c for c in s)


def is_palindrome(s: str) -> bool:
    cleaned = [c.lower() for c in s if c.isalnum()]
    return cleaned == cleaned[::-1]


def vowels(s: str) -> int:
    return sum(c in "aeiou" for c in s.lower())


def acronym(s: str) -> str:
    return "".join(word[0] for word in s.split()).upper()


def mapped_method(words: list[str]) -> list[str]:
    return list(map(str.upper, words))


def sorted_by_method(words: list[str]) -> list[str]:
    return sorted(words, key=str.lower)


def longest(words: list[str]) -> str:
    return max(words, key=len, default="")


def partitioned(s: str) -> str:
    head, mark, tail = s.partition(",")
    return tail + mark + head


def partitioned_right(s: str) -> tuple[str, str, str]:
    return s.rpartition("a")


def partitioned_empty(s: str) -> tuple[str, str, str]:
    return s.partition("")


def translated(s: str) -> str:
    return s.translate({97: "b"})


def run_length(s: str) -> str:
    out = ""
    count = 0
    for i, c in enumerate(s):
        count += 1
        if i + 1 == len(s) or s[i + 1] != c:
            out += c + str(count)
            count = 0
    return out


def balanced(s: str) -> bool:
    depth = 0
    for c in s:
        if c == "a":
            depth += 1
        elif c == "A":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0


def unpacked_characters(s: str) -> str:
    first, *rest = s
    return "".join(rest) + first


def bytes_of(s: str) -> int:
    return len(s.encode())


def first_word(s: str) -> str:
    return s.split(" ", 1)[0]


def key_value(s: str) -> tuple[str, str]:
    key, _, value = s.partition(",")
    return key.strip(), value.strip()


def character_sets(s: str, t: str) -> bool:
    return set(s) == set(t)


def most_common(s: str) -> str:
    return max(sorted(set(s)), key=s.count, default="")
