# SPDX-License-Identifier: Apache-2.0
"""Finds the places of a C++ file where a mutant can live.

It reads tokens, not a syntax tree: a place that is none after all does not compile in the copy, and is taken out there.
What is left out on purpose: texts, case labels, declarations, macros' definitions, swaps that change nothing (std::min).
"""
import re
from dataclasses import dataclass, field

KINDS = ("comparison", "condition", "statement", "arguments", "off by one")

TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      |(?P<directive>\#(?:[^\n\\]|\\.)*)
      |(?P<text>(?:u8|[uUL])?R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|(?:u8|[uUL])?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+')
      |(?P<number>\.?\d(?:[\w.]|'(?=\w)|(?<=[eEpP])[+-])*)
      |(?P<word>[A-Za-z_]\w*)
      |(?P<sign><=>|<<=|>>=|\.\.\.|->\*?|::|\+\+|--|&&|\|\||[<>=!+\-*/%&|^]=|<<|.)""",
    re.VERBOSE | re.DOTALL,
)
COMPARISONS = {"==": ["not_equal_to"], "!=": ["equal_to"], "<": ["less_equal", "greater_equal"],
               "<=": ["less", "greater"], ">": ["greater_equal", "less_equal"], ">=": ["greater", "less"]}
ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "|=", "&=", "^=", "%="}
# What begins no statement that can be left out, or stands before no call.
KEYWORDS = set("""alignas auto bool case catch char class const constexpr co_return decltype default delete do else enum explicit
    extern for friend if inline int long mutable namespace new noexcept operator private protected public requires return
    sizeof static static_assert struct switch template throw try typedef typename using virtual void volatile while""".split())
# Calls whose arguments cannot be swapped, or may be.
UNSWAPPED = set("""min max swap equal_to find find_if any_of all_of none_of count count_if sort stable_sort erase insert transform copy
    set pair get_if holds_alternative move forward""".split())
LONGEST_STATEMENT = 12  # lines


@dataclass
class Token:
    kind: str
    text: str
    start: int
    end: int
    partner: int = -1  # index of the other bracket
    inside: int = -1  # index of the bracket around it


@dataclass
class Place:
    """`edits`: (start, end, text) in the file's characters; "@" in the text stands for the mutant's number."""
    file: str
    kind: str
    first_line: int
    last_line: int
    edits: list
    what: str
    number: int = field(default=-1)

    @property
    def key(self):
        return f"{self.file}:{self.first_line} {self.kind}: {self.what}"


def tokens_of(source):
    tokens, opened = [], []
    for match in TOKEN.finditer(source):
        if match.lastgroup in ("space", "directive"):
            continue
        kind = "text" if match.group("text") else match.lastgroup
        if match.group() in ")]}" and kind == "sign" and opened:
            partner = opened.pop()
            tokens[partner].partner = len(tokens)
        else:
            partner = -1
        tokens.append(Token(kind, match.group(), match.start(), match.end(), partner, opened[-1] if opened else -1))
        if match.group() in "([{" and kind == "sign":
            opened.append(len(tokens) - 1)
    return tokens


class Finder:
    def __init__(self, file, source, random):
        self.file, self.source, self.random = file, source, random
        self.tokens = tokens_of(source)
        self.places = []

    def add(self, kind, edits, what):
        first, last = min(e[0] for e in edits), max(e[1] for e in edits)
        line = lambda offset: self.source.count("\n", 0, offset) + 1
        self.places.append(Place(self.file, kind, line(first), line(last), edits, " ".join(what.split())))

    def text(self, i):
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def is_name(self, i):
        return 0 <= i < len(self.tokens) and self.tokens[i].kind == "word" and self.tokens[i].text not in KEYWORDS

    def span(self, first, last):
        return self.source[self.tokens[first].start:self.tokens[last].end]

    def before_in_statement(self, i):
        """Indices of what stands before token i in its statement and in those around it, innermost first."""
        j = i - 1
        while j >= 0:
            text, partner = self.text(j), self.tokens[j].partner
            if text == ";" or (text == "}" and self.text(j + 1) != ","):
                j = self.tokens[j].inside
            elif text in (")", "]", "}") and partner >= 0:
                j = partner - 1
            else:
                yield j
                j -= 1

    def constexpr_before(self, i):
        return [j for j in self.before_in_statement(i) if self.text(j) == "constexpr"]

    def is_in_block(self, i):
        """Does token i stand where statements stand, not among members?"""
        brace = self.tokens[i].inside
        if self.text(brace) != "{":
            return False
        for j in self.before_in_statement(brace):
            if self.text(j) in ("class", "struct", "enum", "union", "namespace"):
                return False
            if self.text(j) in ("{", "(", ";"):
                break
        return True

    def find(self):
        for i, token in enumerate(self.tokens):
            if token.kind == "sign" and token.text in COMPARISONS:
                self.comparison(i)
            elif token.kind == "word" and token.text == "if":
                self.condition(i)
            elif token.kind == "number":
                self.off_by_one(i)
            if token.text in ("(", "{") and token.partner > i:
                self.arguments(i)
            self.statement(i)
        return self.places

    def comparison(self, i):
        token = self.tokens[i]
        around = self.source[token.start - 1] + self.source[token.end:token.end + 1]
        if not around.isspace() or self.text(i - 1) in ("operator", "template") or self.constexpr_before(i):
            return
        other = self.random.choice(COMPARISONS[token.text])
        self.add("comparison", [(token.start, token.end, f"{token.text} blongo_mutation::Flip<std::{other}<>>{{@}} {token.text}")],
                 f"{token.text} is {other} in: {self.line_of(token)}")

    def line_of(self, token):
        begin = self.source.rfind("\n", 0, token.start) + 1
        return self.source[begin:self.source.find("\n", token.start)].strip()

    def condition(self, i):
        if self.text(i + 1) != "(":
            return  # if constexpr
        first, last = i + 2, self.tokens[i + 1].partner - 1
        j = first
        while j <= last:
            if self.text(j) == ";":
                first = j + 1
            j = max(self.tokens[j].partner, j) + 1
        if first > last or any(t.text == "=" for t in self.tokens[first:last + 1] if t.kind == "sign"):
            return
        begin, end = self.tokens[first].start, self.tokens[last].end
        self.add("condition", [(begin, begin, "(blongo_mutant(@) != static_cast<bool>("), (end, end, "))")],
                 f"negated: {self.span(first, last)}")

    def off_by_one(self, i):
        token = self.tokens[i]
        if not re.fullmatch(r"[\d']+[uUlLzZ]*", token.text) or self.text(i - 1) == "case":
            return
        sign = "+" if re.fullmatch(r"0+[uUlLzZ]*", token.text) else self.random.choice("+-")
        text = f"({token.text} {sign} blongo_mutant(@))"
        if self.text(self.tokens[i].inside) == "{" and self.text(i - 1) in ("{", ",") and self.text(i + 1) in ("}", ","):
            text = f"blongo_mutation::Narrow{{{token.text} {sign} blongo_mutant(@)}}"
        # What is constexpr is computed when the program runs instead.
        edits = [(token.start, token.end, text)] + [(self.tokens[j].start, self.tokens[j].end, "const") for j in self.constexpr_before(i)]
        self.add("off by one", edits, f"{token.text} {sign} 1 in: {self.line_of(token)}")

    def statement(self, i):
        before = self.text(i - 1)
        guarded = before == "else" or (before == ")" and self.text(self.tokens[i - 1].partner - 1) in ("if", "for", "while"))
        if (not guarded and before not in (";", "{", "}")) or not self.is_in_block(i):
            return
        word = self.text(i)
        is_jump = word in ("continue", "break") or (guarded and word in ("return", "throw"))
        if not is_jump and not self.is_name(i) and word not in ("++", "--", "*", "this"):
            return
        end, shape, previous_ends_name = i, is_jump, False
        while end < len(self.tokens) and self.text(end) != ";":
            text = self.text(end)
            if text in ("}", ")", "]"):
                return
            if not shape:
                name = self.tokens[end].kind == "word"
                if name and previous_ends_name:
                    return  # Type name: a declaration
                previous_ends_name = name or text in (">", "&", "*") and end > i
                shape = text == "(" or text in ASSIGNMENTS or text in ("++", "--")
            end = max(self.tokens[end].partner, end) + 1
        if not shape or end >= len(self.tokens) or word == "BLONGO_TRY":
            return
        what = self.span(i, end)
        if what.count("\n") >= LONGEST_STATEMENT:
            return
        start, stop = self.tokens[i].start, self.tokens[end].end
        self.add("statement", [(start, start, "{ if (!blongo_mutant(@)) { "), (stop, stop, " } }")], f"left out: {what}")

    def arguments(self, i):
        if not self.is_name(i - 1) and self.text(i - 1) != ">":
            return
        name = self.text(i - 1)
        if name.isupper() or name in UNSWAPPED or (self.text(i) == "{" and not name[:1].isupper()):
            return
        close = self.tokens[i].partner
        arguments, begin, j = [], i + 1, i + 1
        while j <= close:
            if j == close or self.text(j) == ",":
                if j > begin:
                    arguments.append((begin, j - 1))
                begin = j + 1
            j = max(self.tokens[j].partner, j) + 1
        if any(self.is_declaration(first, last) for first, last in arguments):
            return
        if name in ("format", "format_to"):
            arguments = [a for a in arguments if self.tokens[a[0]].kind != "text"]
        pairs = [(a, b) for a, b in zip(arguments, arguments[1:]) if self.may_swap(a, b)]
        callee = self.start_of_call(i - 1)
        if not pairs or callee is None or self.is_name(callee - 1) or self.text(callee - 1) in ("new", ">", "~", "const", "auto") or \
                self.constexpr_before(i):
            return
        a, b = self.random.choice(pairs)
        between = self.source[self.tokens[a[1]].end:self.tokens[b[0]].start]
        swapped = (self.source[self.tokens[callee].start:self.tokens[a[0]].start] + self.span(*b) + between + self.span(*a) +
                   self.source[self.tokens[b[1]].end:self.tokens[close].end])
        start, end = self.tokens[callee].start, self.tokens[close].end
        # In one line: the compiler's messages must name the line that stands in the tree.
        first = " ".join(swapped.split("\n"))
        self.add("arguments", [(start, start, f"(blongo_mutant(@) ? {first} : "), (end, end, ")")],
                 f"swapped {self.span(*a)} and {self.span(*b)} in: {self.span(callee, close)}")

    def may_swap(self, a, b):
        kinds = {self.tokens[x[0]].kind == "text" and x[0] == x[1] for x in (a, b)}  # a text and something else: other types
        return self.span(*a) != self.span(*b) and len(kinds) == 1 and not any(self.text(x[0]) in ("[", "&", "{") for x in (a, b))

    def is_declaration(self, first, last):
        return any(self.tokens[k].text in ("const", "auto") or (self.is_name(k) and self.is_name(k + 1)) for k in range(first, last))

    def start_of_call(self, i):
        """Index of the first token of the postfix expression that ends with token i; None if it is none."""
        while i >= 0:
            if self.text(i) == ">":
                depth = 0
                while i >= 0:
                    depth += (self.text(i) == ">") - (self.text(i) == "<")
                    if depth == 0:
                        break
                    if self.text(i) in (";", "{", "}"):
                        return None
                    i -= 1
                i -= 1
            elif self.text(i) in (")", "]"):
                i = self.tokens[i].partner
                if self.is_name(i - 1) or self.text(i - 1) in (")", "]", ">"):
                    i -= 1
                    continue
                return None if self.text(i) == "[" else i
            if not self.is_name(i) and self.text(i) != "this":
                return None
            if self.text(i - 1) == "::" and not self.is_name(i - 2) and self.text(i - 2) != ">":
                return i - 1
            if self.text(i - 1) not in ("::", ".", "->"):
                return i
            i -= 2
        return None


def places_of(file, source, random):
    return Finder(file, source, random).find()
