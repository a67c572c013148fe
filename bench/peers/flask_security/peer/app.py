"""Flask-Security as its quickstart sets it up, on PostgreSQL, with unified sign-in switched on and by mail only."""

import os
from http import HTTPStatus

from flask import Flask, request
from flask_security import Security, SQLAlchemyUserDatastore
from sqlalchemy.exc import IntegrityError

from peer.inbox import TableMail, inbox
from peer.models import Role, User, db

app = Flask(__name__)
app.config |= {
    "SECRET_KEY": "only-for-this-measurement-on-loopback",
    # Where the database is, PGHOST, PGUSER and PGDATABASE say.
    "SQLALCHEMY_DATABASE_URI": f"postgresql+psycopg:///{os.environ.get('PGDATABASE', 'postgres')}",
    "SECURITY_PASSWORD_SALT": "only-for-this-measurement",
    "SECURITY_UNIFIED_SIGNIN": True,
    "SECURITY_US_ENABLED_METHODS": ["email"],
    "SECURITY_TOTP_SECRETS": {"1": "only-for-this-measurement-on-loopback-0123"},
    "SECURITY_TOTP_ISSUER": "peer",
    # No browser takes part: the callers of this JSON API hold no CSRF token.
    "WTF_CSRF_ENABLED": False,
}
db.init_app(app)
users = SQLAlchemyUserDatastore(db, User, Role)
app.security = Security(app, users, mail_util_cls=TableMail)
app.register_blueprint(inbox)


@app.before_request
def register_claimant() -> None:
    """Register whom a request for a code names: codes go to accounts only, and a torture makes up its addresses."""
    if request.path != "/us-signin/send-code" or users.find_user(email=request.json["identity"]):
        return
    try:
        user = users.create_user(email=request.json["identity"], password=None)
        users.us_setup_email(user)
        db.session.commit()
    except IntegrityError:  # somebody else did, just now
        db.session.rollback()


@app.get("/")
def home() -> tuple[str, HTTPStatus]:
    """Say nothing: the quickstart's page that a login leads to."""
    return "", HTTPStatus.NO_CONTENT


@app.cli.command("create-tables")
def create_tables() -> None:
    """Create what is not there."""
    db.create_all()
