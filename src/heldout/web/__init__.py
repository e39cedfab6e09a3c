"""The server of an eval: git over HTTP, and a few pages for the people in it."""

from heldout.web.serving import application, serve_site
from heldout.web.site import ClockState, Site

__all__ = ["ClockState", "Site", "application", "serve_site"]
