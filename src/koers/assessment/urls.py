"""The addresses of measuring, a list a subject."""

from django.urls import URLPattern, path

from koers.assessment.views import answering_doors as answering
from koers.assessment.views import consensus, console, exchange, live, measuring, outside, respondents, rooms, workshops

_MEASUREMENT = "w/<uuid:workbook_id>/measurements/<uuid:measurement_id>/"
_PERSON = f"{_MEASUREMENT}respondents/<int:respondent_id>/"
_measuring: list[URLPattern] = [
    path("w/<uuid:workbook_id>/measurements/", measuring.measurements, name="measurements"),
    path("w/<uuid:workbook_id>/measurements/new/", measuring.new_measurement, name="new_measurement"),
    path(_MEASUREMENT, consensus.measurement_page, name="measurement"),
    path(f"{_MEASUREMENT}rename/", measuring.rename_measurement, name="rename_measurement"),
    path(f"{_MEASUREMENT}close/", measuring.close_measurement, name="close_measurement"),
    path(f"{_MEASUREMENT}delete/", measuring.delete_measurement, name="delete_measurement"),
    path(f"{_MEASUREMENT}own-questions/", measuring.own_questions, name="own_questions"),
    path(f"{_MEASUREMENT}q/", consensus.measured_question, name="measured_question"),
    path(f"{_MEASUREMENT}agree/", consensus.agree, name="agree"),
    path(f"{_MEASUREMENT}respondents/new/", respondents.add_respondents, name="add_respondents"),
    path(_PERSON, respondents.respondent, name="respondent"),
    path(f"{_PERSON}link/", respondents.new_link, name="new_link"),
    path(f"{_PERSON}remind/", respondents.remind, name="remind"),
    path(f"{_PERSON}withdraw/", respondents.withdraw, name="withdraw_respondent"),
]
_NOTING = f"{_PERSON}answers/"
_answering: list[URLPattern] = [
    path("r/<str:token>/", answering.answer_link, name="answer_link"),
    path("r/<str:token>/<int:number>/", answering.answer_link_page, name="answer_link_page"),
    path("r/<str:token>/save", answering.answer_link_save, name="answer_link_save"),
    path("r/<str:token>/no-mail/", answering.stop_reminders, name="stop_reminders"),
    path(f"{_MEASUREMENT}estimate/", answering.own_estimate, name="own_estimate"),
    path(f"{_MEASUREMENT}estimate/<int:number>/", answering.own_estimate_page, name="own_estimate_page"),
    path(f"{_MEASUREMENT}estimate/save", answering.own_estimate_save, name="own_estimate_save"),
    path(_NOTING, answering.note_answers, name="note_answers"),
    path(f"{_NOTING}<int:number>/", answering.note_answers_page, name="note_answers_page"),
    path(f"{_NOTING}save", answering.note_answers_save, name="note_answers_save"),
]
_WORKSHOP = "w/<uuid:workbook_id>/workshops/<uuid:workshop_id>/"
_CONSOLE = f"{_WORKSHOP}console/"
_workshops: list[URLPattern] = [
    path("w/<uuid:workbook_id>/workshops/", workshops.workshops, name="workshops"),
    path("w/<uuid:workbook_id>/workshops/new/", workshops.plan_workshop, name="plan_workshop"),
    path(_WORKSHOP, workshops.workshop, name="workshop"),
    path(f"{_WORKSHOP}edit/", workshops.edit_workshop, name="edit_workshop"),
    path(f"{_WORKSHOP}delete/", workshops.delete_workshop, name="delete_workshop"),
    path(f"{_WORKSHOP}steps/", workshops.add_step, name="add_step"),
    path(f"{_WORKSHOP}steps/<int:step_id>/", workshops.change_step, name="change_step"),
    path(f"{_WORKSHOP}steps/<int:step_id>/arrange/", workshops.arrange_step, name="arrange_step"),
    path(_CONSOLE, console.console, name="workshop_console"),
    path(f"{_CONSOLE}qr.svg", console.console_qr, name="console_qr"),
]
_room: list[URLPattern] = [
    path("join/", rooms.join, name="join"),
    path("join/language/", rooms.room_language, name="room_language"),
    path("room/<uuid:workshop_id>/", rooms.room, name="room"),
    path("room/<uuid:workshop_id>/plain/", rooms.room_plain, name="room_plain"),
    path("screen/<str:token>/", rooms.screen, name="screen"),
    path("room/<uuid:workshop_id>/state", live.room_state, name="room_state"),
    path("room/<uuid:workshop_id>/do", live.room_do, name="room_do"),
    path("screen/<str:token>/state", live.screen_json, name="screen_state"),
    path(f"{_CONSOLE}state", live.console_state, name="console_state"),
    path(f"{_CONSOLE}do", live.console_do, name="console_do"),
]
_INSTRUMENTS = "w/<uuid:workbook_id>/instruments/"
_OUTCOME = f"{_INSTRUMENTS}<int:result_id>/"
_outside: list[URLPattern] = [
    path(_INSTRUMENTS, outside.instruments, name="instruments"),
    path(f"{_INSTRUMENTS}new/", outside.new_outcome, name="new_outcome"),
    path(_OUTCOME, outside.edit_outcome, name="edit_outcome"),
    path(f"{_OUTCOME}delete/", outside.delete_outcome, name="delete_outcome"),
    path(f"{_OUTCOME}report/", outside.outcome_report, name="outcome_report"),
]
_exchange: list[URLPattern] = [
    path("w/<uuid:workbook_id>/measurements/import/", exchange.import_measurement, name="import_measurement"),
    path(f"{_MEASUREMENT}export/<str:file_form>/", exchange.export_measurement, name="export_measurement"),
]

urlpatterns = [*_measuring, *_answering, *_workshops, *_room, *_outside, *_exchange]
