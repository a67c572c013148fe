"""A Django project around django-allauth's login by code, with every setting of allauth at its default."""
