from __future__ import annotations
import pandas as pd
def insert_frame(session, table, frame, **constants):
    f = frame.assign(**constants)
    t = table.__table__
    session.execute(t.insert(), [{k: (int(v) if k in ("submission","size") and str(v)!="" and t.c[k].type.python_type is int else v) for k,v in r.items()} for r in f.to_dict("records")])
def read_frame(session, statement):
    r = session.execute(statement)
    cols = list(r.keys())
    rows = r.all()
    return pd.DataFrame({c: pd.Series(["" if x[i] is None else str(x[i]) for x in rows], dtype="str") for i,c in enumerate(cols)})
