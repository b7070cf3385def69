from django.urls import path

from koers.workbook.presence import presence
from koers.workbook.views import (
    conversations,
    deleted,
    history,
    news,
    rounds,
    search,
    talk,
    tasks,
    together,
    versions,
    work,
)
from koers.workbook.views import pages as views

_together = [
    path("w/<uuid:workbook_id>/s/<str:section_id>/state/", together.section_state, name="section_state"),
    path("w/<uuid:workbook_id>/settle/", together.settle, name="settle"),
    path("w/<uuid:workbook_id>/presence", presence, name="presence"),
]

_pages = [
    path("administrations/<uuid:administration_id>/workbook/", views.start_workbook, name="start_workbook"),
    path("w/<uuid:workbook_id>/", views.course_map, name="course_map"),
    path("w/<uuid:workbook_id>/s/<str:section_id>/", views.section_page, name="section"),
    path("w/<uuid:workbook_id>/field/", views.one_field, name="one_field"),
    path("w/<uuid:workbook_id>/save", views.save, name="save"),
    path("w/<uuid:workbook_id>/settings/", views.workbook_settings, name="workbook_settings"),
    path("w/<uuid:workbook_id>/export/", views.export_workbook, name="export_workbook"),
    path("w/<uuid:workbook_id>/import/", views.import_workbook, name="import_workbook"),
]

_work = [
    path("w/<uuid:workbook_id>/standing", work.mark_field, name="mark_field"),
    path("w/<uuid:workbook_id>/s/<str:section_id>/assign/", work.assign_section, name="assign_section"),
    path("w/<uuid:workbook_id>/waiting/", work.waiting, name="waiting"),
]

_news = [
    path("news/", news.news, name="news"),
    path("news/count", news.news_count, name="news_count"),
    path("news/read/", news.read_news, name="read_news"),
    path("news/<int:pk>/", news.open_news, name="open_news"),
    path("mail/stop/<str:token>/", news.stop_mail, name="stop_mail"),
]

_search = [
    path("search/", search.search, name="search"),
    path("w/<uuid:workbook_id>/search/", search.search_workbook, name="search_workbook"),
]

_talk = [
    path("w/<uuid:workbook_id>/talk/", talk.talk, name="talk"),
    path("w/<uuid:workbook_id>/talk/all/", talk.all_talk, name="all_talk"),
    path("w/<uuid:workbook_id>/talk/threads/<int:thread_id>/reply/", talk.reply_to_thread, name="reply_to_thread"),
    path("w/<uuid:workbook_id>/talk/threads/<int:thread_id>/resolve/", talk.resolve_thread, name="resolve_thread"),
    path("w/<uuid:workbook_id>/talk/threads/<int:thread_id>/reopen/", talk.reopen_thread, name="reopen_thread"),
    path("w/<uuid:workbook_id>/talk/comments/<int:comment_id>/", talk.edit_comment, name="edit_comment"),
    path("w/<uuid:workbook_id>/talk/comments/<int:comment_id>/delete/", talk.delete_comment, name="delete_comment"),
    path("w/<uuid:workbook_id>/talk/comments/<int:comment_id>/restore/", talk.restore_comment, name="restore_comment"),
    path("w/<uuid:workbook_id>/s/<str:section_id>/conversations/", conversations.conversations, name="conversations"),
    path(
        "w/<uuid:workbook_id>/conversations/<int:conversation_id>/",
        conversations.edit_conversation,
        name="edit_conversation",
    ),
    path(
        "w/<uuid:workbook_id>/conversations/<int:conversation_id>/delete/",
        conversations.delete_conversation,
        name="delete_conversation",
    ),
    path(
        "w/<uuid:workbook_id>/conversations/<int:conversation_id>/restore/",
        conversations.restore_conversation,
        name="restore_conversation",
    ),
    path("w/<uuid:workbook_id>/tasks/", tasks.tasks, name="tasks"),
    path("w/<uuid:workbook_id>/tasks/new/", tasks.new_task, name="new_task"),
    path("w/<uuid:workbook_id>/tasks/<int:task_id>/", tasks.edit_task, name="edit_task"),
    path("w/<uuid:workbook_id>/tasks/<int:task_id>/done/", tasks.finish_task, name="finish_task"),
    path("w/<uuid:workbook_id>/tasks/<int:task_id>/reopen/", tasks.reopen_task, name="reopen_task"),
    path("w/<uuid:workbook_id>/tasks/<int:task_id>/delete/", tasks.delete_task, name="delete_task"),
    path("w/<uuid:workbook_id>/tasks/<int:task_id>/restore/", tasks.restore_task, name="restore_task"),
]

_history = [
    path("w/<uuid:workbook_id>/history/", history.history, name="field_history"),
    path("w/<uuid:workbook_id>/history/restore/", history.put_back, name="restore_revision"),
    path("w/<uuid:workbook_id>/s/<str:section_id>/history/", history.section_changes, name="section_history"),
    path("w/<uuid:workbook_id>/earlier/", history.earlier, name="earlier"),
    path("w/<uuid:workbook_id>/versions/", versions.versions, name="versions"),
    path("w/<uuid:workbook_id>/versions/<int:version_id>/", versions.version, name="version"),
    path("w/<uuid:workbook_id>/versions/<int:version_id>/restore/", versions.restore, name="restore_version"),
    path("w/<uuid:workbook_id>/versions/<int:version_id>/field/", versions.put_back_field, name="restore_field"),
    path("w/<uuid:workbook_id>/rounds/", rounds.rounds, name="rounds"),
    path("w/<uuid:workbook_id>/rounds/close/", rounds.close, name="close_round"),
    path("w/<uuid:workbook_id>/rounds/start/", rounds.start, name="start_round"),
    path("w/<uuid:workbook_id>/delete/", deleted.delete, name="delete_workbook"),
    path("administrations/<uuid:administration_id>/deleted/", deleted.deleted, name="deleted_workbooks"),
    path(
        "administrations/<uuid:administration_id>/deleted/<uuid:deleted_id>/put-back/",
        deleted.put_back,
        name="put_back_workbook",
    ),
    path(
        "administrations/<uuid:administration_id>/deleted/<uuid:deleted_id>/erase/",
        deleted.erase,
        name="erase_workbook",
    ),
]

urlpatterns = [*_pages, *_history, *_talk, *_together, *_search, *_work, *_news]
