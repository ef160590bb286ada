"""`make story`: the main job played over real HTTP against an installation of its own, with its promises checked.

`installation` starts and stops it, `browser` lets a person use it, `cast` says who plays, `acts` is the play,
`onlooker` is the public, `poison` spoils another item, `promises` judges, `chronicle` writes it all down.
"""
