"""上传: what a new workbook changes, what is wrong in it, and publishing it; or departments' sheets, merged into one; or many tables."""

import streamlit as st

from data import WorkbookRejected
from ui import batch_page, merging, publish, upload

made = publish.done()
file = None if made else upload.dropped()
found = upload.checked(file) if file else None

if made:
    merging.forget()
    publish.receipt(made)
elif found is None and merging.is_open():
    merging.page()
elif found is None and batch_page.is_open():
    batch_page.page()
elif found is None:
    upload.start()
    merging.entry()
elif isinstance(found, WorkbookRejected):
    upload.refused(found)
else:
    upload.head(found)
    publish.form(found)
    changes, problems = st.columns([1.85, 1], gap="large")
    with changes:
        upload.changed(found)
    with problems:
        upload.problems(found)
