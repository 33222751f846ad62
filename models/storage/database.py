from __future__ import annotations
from contextlib import contextmanager
from sqlalchemy import create_engine, event
from sqlmodel import Session, SQLModel
import models.tables
def open_database(settings):
    settings.home.mkdir(parents=True, exist_ok=True)
    e = create_engine(settings.database_url)
    SQLModel.metadata.create_all(e)
    return e
@contextmanager
def transaction(engine):
    with Session(engine, expire_on_commit=False) as s:
        with s.begin():
            yield s
@contextmanager
def reading(engine):
    with Session(engine) as s:
        yield s
