"""The demo: two fictional agencies with people, plans and news, made through the real services (`manage.py load_demo`).

Every record is backdated: the news of October is written, approved and posted in October. The services are given that
time, and Wagtail's own rows get it from `clock`. All names, numbers and addresses are fictional.
"""
