def rule_in_words(leaf, language="vi"): return leaf.rule.kind if leaf.rule else "số liệu"
