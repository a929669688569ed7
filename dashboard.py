"""The entry point: ``streamlit run dashboard.py`` starts the whole product, an ``st.App`` around ``ui/frame.py``."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:  # however the server was started
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402  # after the path, as the next line needs it

from ui import server  # noqa: E402  # after the path

server.refuse_weak_secrets()
app = st.App(
    ROOT / "ui" / "frame.py",
    routes=server.ROUTES,
    middleware=server.MIDDLEWARE,
    lifespan=server.lifespan,
    exception_handlers=server.EXCEPTION_HANDLERS,
    on_script_error=server.on_script_error,
)
