"""The published site: static pages that need no server, no script and nothing from elsewhere."""

from flows.publication.site.pages import render_site
from flows.publication.site.templating import environment

__all__ = ["environment", "render_site"]
