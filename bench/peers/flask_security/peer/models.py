"""The tables: users and roles as Flask-Security's quickstart has them, and the mail that was caught."""

from flask_security.models import fsqla_v3
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
fsqla_v3.FsModels.set_db_info(db)


class Role(db.Model, fsqla_v3.FsRoleMixin):
    """Flask-Security's."""


class User(db.Model, fsqla_v3.FsUserMixin):
    """Flask-Security's."""


class Mail(db.Model):
    """One mail to one recipient, as handed to Flask-Security's mail class."""

    id = db.Column(db.Integer, primary_key=True)
    recipient = db.Column(db.Text, index=True)
    subject = db.Column(db.Text)
    body = db.Column(db.Text)
