"""The emptiest page that has a headline: what Streamlit itself costs."""

import streamlit as st

st.title("空页")
