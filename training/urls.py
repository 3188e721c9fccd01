"""Addresses of pages for people without an account."""

from django.urls import path

from training import views

app_name = "training"
urlpatterns = [
    path("me/<str:token>", views.person, name="person"),
    path("me/<str:token>/data.json", views.export, name="export"),
    path("me/<str:token>/certificates/<slug:number>.pdf", views.own_certificate, name="own-certificate"),
    path("me/<str:token>/materials/<uuid:uid>", views.own_material, name="own-material"),
    path("feedback/<str:token>", views.feedback, name="feedback"),
    path("calendars/<slug:token>.ics", views.workshop_calendar, name="calendar"),
]
