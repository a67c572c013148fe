"""A Flask application around Flask-Security's unified sign-in, with every setting of it at its default."""
