"""The eval: its brief, what a submission promises, the predictions it hands in, and its grading.

Light on purpose: the limited processes that read foreign files import single modules of this package.
"""
