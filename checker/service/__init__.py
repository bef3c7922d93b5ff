"""Work off the page: jobs, live sessions and their connections. Nothing here knows Streamlit."""
