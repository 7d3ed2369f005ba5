"""Which static files are published: of npm's packages, those that a page names."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class PublishedFilesConfig(StaticFilesConfig):
    """``collectstatic`` leaves out what no page asks for: each file is hashed and compressed twice, and those for developers are
    most of what the packages bring."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("*.map", "*.d.ts", "*.mjs", "*.development.js", "*.esm.js", "*.esm.min.js", "htmx.js", "htmax*"),
        *("vendor/htmx/editors", "vendor/htmx/ext", "vendor/htmx/scripts", "vendor/htmx/skills"),
    ]
