"""Settings of the documentation site: `make docs` builds it, and fails on a warning."""

import importlib.metadata

project = "dlcompare"
author = "The dlcompare authors"
project_copyright = "The dlcompare authors"
release = importlib.metadata.version("dlcompare")

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "numpydoc",
]
html_theme = "furo"
html_title = "dlcompare"
html_show_sphinx = False

myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]

# Single backticks in docstrings name code of this package; they are shown as code. A link to a page
# or a heading that is not there fails the build, and so does an API page whose object is gone.
default_role = "code"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
nitpicky = True
