"""Measurements over the API, a file a subject."""

from ninja import Router

from koers.assessment.api import answering, files, measurements, outside

# Files first: the address of an import would else be read as that of a measurement.
routers: list[Router] = [files.router, measurements.router, answering.router, outside.router]
