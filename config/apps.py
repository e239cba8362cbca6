from django.apps import AppConfig


class ParcheminConfig(AppConfig):
    name = "config"
    verbose_name = "Parchemin"
