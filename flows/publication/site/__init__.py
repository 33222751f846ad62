"""The published site: static pages that need no server, no script and nothing from elsewhere."""

from flows.publication.site.pages import site_pages
from flows.publication.site.templating import environment

__all__ = ["environment", "site_pages"]
