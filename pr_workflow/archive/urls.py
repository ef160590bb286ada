"""Addresses of the archive inside the admin (below `pr/`)."""

from django.urls import path, re_path

from .keeping_views import DisposalAskView, DisposalDecisionView, DisposalListView, HoldView, LiftView
from .plan_views import PlanDraftPaperView, PlanPaperView
from .views import DossierJsonView, DossierPdfView, KeptFileView, RecordFormView, RequestFormView

urlpatterns = [
    path("news/<int:pk>/request-form.pdf", RequestFormView.as_view(), name="request_form"),
    path("plans/<int:pk>/plan.pdf", PlanPaperView.as_view(), name="plan_paper"),
    path("plans/<int:pk>/draft.pdf", PlanDraftPaperView.as_view(), name="plan_draft_paper"),
    path("archive/<int:pk>/request-form.pdf", RecordFormView.as_view(), name="record_form"),
    path("archive/<int:pk>/dossier.pdf", DossierPdfView.as_view(), name="dossier_pdf"),
    path("archive/<int:pk>/record.json", DossierJsonView.as_view(), name="dossier_json"),
    re_path(r"^archive/(?P<pk>\d+)/kept/(?P<sha256>[0-9a-f]{64})/$", KeptFileView.as_view(), name="kept_file"),
    path("archive/<int:pk>/hold/", HoldView.as_view(), name="hold"),
    path("archive/holds/<int:pk>/lift/", LiftView.as_view(), name="hold_lift"),
    path("archive/<int:pk>/disposal/", DisposalAskView.as_view(), name="disposal_ask"),
    path("archive/disposals/", DisposalListView.as_view(), name="disposals"),
    path("archive/disposals/<int:pk>/", DisposalDecisionView.as_view(), name="disposal"),
]
