"""The triage room's web pages: FastAPI, server-made HTML, htmx where JavaScript is on."""
